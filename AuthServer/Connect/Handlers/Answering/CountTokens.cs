using AuthServer.Telemetry;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>Counts the answers of the token endpoint that hold tokens.</summary>
internal sealed class CountTokens(ServerMetrics metrics) : IOpenIddictServerHandler<ProcessSignInContext>
{
    // DRF-JWT has no grants.
    private const string NoGrant = "drf_jwt";

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context is { EndpointType: OpenIddictServerEndpointType.Token, Request.ClientId: { } client })
        {
            metrics.TokensIssued(context.Request.GrantType ?? NoGrant, client);
        }

        return ValueTask.CompletedTask;
    }
}
