using AuthServer.Tests.Support;

namespace AuthServer.Tests.Compatibility;

/// <summary>One server with the endpoints on, for all tests of a class that leave it as it was.</summary>
public sealed class RunningDjangoServer : IAsyncLifetime
{
    internal AuthServerApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await AuthServerApp.StartAsync(DjangoClient.On, ("Throttling:Enabled", "false"));

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
