using System.Collections.Frozen;
using AuthServer.Protocol;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestReading;

/// <summary>
/// Looks the endpoint up by the request's path. OpenIddict builds and compares the URI of one endpoint after the other for each
/// request, a dozen before the token endpoint.
/// </summary>
internal sealed class InferEndpointFromPath : IOpenIddictServerHandler<ProcessRequestContext>
{
    private static readonly FrozenDictionary<string, OpenIddictServerEndpointType> Endpoints =
        new Dictionary<string, OpenIddictServerEndpointType>
        {
            [Paths.Authorize] = OpenIddictServerEndpointType.Authorization,
            [Paths.PushedAuthorization] = OpenIddictServerEndpointType.PushedAuthorization,
            [Paths.EndSession] = OpenIddictServerEndpointType.EndSession,
            [Paths.DeviceAuthorization] = OpenIddictServerEndpointType.DeviceAuthorization,
            [Paths.Device] = OpenIddictServerEndpointType.EndUserVerification,
            [Paths.Token] = OpenIddictServerEndpointType.Token,
            [Paths.Introspection] = OpenIddictServerEndpointType.Introspection,
            [Paths.Revocation] = OpenIddictServerEndpointType.Revocation,
            [Paths.UserInfo] = OpenIddictServerEndpointType.UserInfo,
            [Paths.WellKnown.Add("/openid-configuration")] = OpenIddictServerEndpointType.Configuration,
            [Paths.WellKnown.Add("/oauth-authorization-server")] = OpenIddictServerEndpointType.Configuration,
            [Paths.WellKnown.Add("/jwks")] = OpenIddictServerEndpointType.JsonWebKeySet,
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public ValueTask HandleAsync(ProcessRequestContext context)
    {
        var path = context.Transaction.GetHttpRequest()?.Path.Value ?? "";
        context.EndpointType = Endpoints.GetValueOrDefault(path.EndsWith('/') ? path[..^1] : path);
        return ValueTask.CompletedTask;
    }
}
