using AuthServer.Tests.Support;

namespace AuthServer.Tests.Compatibility;

/// <summary>One server with these endpoints, shared by the tests of a class that do not change it.</summary>
public sealed class RunningDjangoServer : IAsyncLifetime
{
    internal AuthServerApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await AuthServerApp.StartAsync(DjangoClient.On, ("Throttling:Enabled", "false"));

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
