namespace ResourceApi.Tests.Support;

/// <summary>An issuer and an API that trusts it, shared by the tests of a class.</summary>
public sealed class RunningApi : IAsyncLifetime
{
    internal TestIssuer Issuer { get; private set; } = null!;

    internal ResourceApiApp Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await TestIssuer.StartedAsync();
        Api = new ResourceApiApp(Issuer);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
