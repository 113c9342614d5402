namespace AuthServer.Hosting;

/// <summary>A background service that looks for due messages in the database and sends them.</summary>
internal abstract class DueService(IServiceScopeFactory scopes) : BackgroundService
{
    private readonly List<Task> underWay = [];
    private bool isDatabaseAway;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(underWay);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await WaitAsync(stoppingToken))
        {
            await RunAsync(services => SendDueAsync(services, stoppingToken), stoppingToken);
        }
    }

    /// <summary>Waits until it is time for the next look.</summary>
    /// <returns>False at the stop. No exception is thrown then: the host would log it if it has not started yet.</returns>
    protected abstract Task<bool> WaitAsync(CancellationToken stoppingToken);

    protected abstract Task SendDueAsync(IServiceProvider services, CancellationToken stoppingToken);

    /// <summary>Called once when the database becomes unavailable, not at every look.</summary>
    protected abstract void TellUnavailable(string problem);

    protected abstract void TellFailed(Exception exception);

    /// <summary>
    /// Begins a piece of work. Only <see cref="SendDueAsync"/> may call it. The next look does not wait for the work; the stop does.
    /// </summary>
    protected Task Begin(Func<Task> work)
    {
        underWay.RemoveAll(piece => piece.IsCompleted);
        var begun = ApartAsync(work);
        underWay.Add(begun);
        return begun;
    }

    /// <summary>Does a piece of work with a service scope of its own. A failure is logged, not thrown.</summary>
    protected async Task RunAsync(Func<IServiceProvider, Task> work, CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider);
            isDatabaseAway = false;
        }
        catch (Exception exception) when (exception is OperationCanceledException || stoppingToken.IsCancellationRequested)
        {
            // An unsent message stays due, and the next look finds it.
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            if (!isDatabaseAway)
            {
                TellUnavailable(Failure.DatabaseProblem(exception));
            }

            isDatabaseAway = true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug, but no reason to stop the server.
            TellFailed(exception);
        }
    }

    // Without the yield, the look would wait for the work up to its first await.
    private static async Task ApartAsync(Func<Task> work)
    {
        await Task.Yield();
        await work();
    }
}
