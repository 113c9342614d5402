namespace AuthServer.Hosting;

/// <summary>Sends what lies in the database and is due, whenever its turn comes, beside the requests.</summary>
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

    /// <summary>Until it is time to look.</summary>
    /// <returns>False at the stop, which comes without an exception: the host would log one where it has not started yet.</returns>
    protected abstract Task<bool> WaitAsync(CancellationToken stoppingToken);

    protected abstract Task SendDueAsync(IServiceProvider services, CancellationToken stoppingToken);

    /// <summary>Said once, not at every look.</summary>
    protected abstract void TellUnavailable(string problem);

    protected abstract void TellFailed(Exception exception);

    /// <summary>Begins a piece of work, from <see cref="SendDueAsync"/> alone. The next look does not wait for it; the stop does.</summary>
    protected Task Begin(Func<Task> work)
    {
        underWay.RemoveAll(piece => piece.IsCompleted);
        var begun = ApartAsync(work);
        underWay.Add(begun);
        return begun;
    }

    /// <summary>Does a piece of work with services of its own. No failure gets out; it is told.</summary>
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
            // What was not sent is due for the next that looks.
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
            // A bug; the server has other things to do than to end of it.
            TellFailed(exception);
        }
    }

    // Yield first: otherwise the work up to its first await would delay the look.
    private static async Task ApartAsync(Func<Task> work)
    {
        await Task.Yield();
        await work();
    }
}
