namespace AuthServer.Tests.Support;

/// <summary>One server, shared by the tests of a class that do not change it.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    internal AuthServerApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
