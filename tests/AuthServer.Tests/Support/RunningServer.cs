namespace AuthServer.Tests.Support;

/// <summary>One server for all tests of a class that leave it as it was.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    internal AuthServerApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
