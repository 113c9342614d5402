namespace AuthServer.Compatibility;

/// <summary>
/// Logs at start if the client is missing or unsuitable. The server still starts: the client may be declared later, and
/// everything else works without it.
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
