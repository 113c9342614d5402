namespace AuthServer.Compatibility;

/// <summary>
/// Has the log say at start that the app is missing or wrong. The server starts all the same: the app may be declared
/// later, and everything else works without it.
/// </summary>
internal sealed class ActingClientCheck(IServiceScopeFactory scopes) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ActingClient>().FindAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
