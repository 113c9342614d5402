using System.Security.Claims;
using AuthServer.Sessions;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>Keeps with the user code where the device itself asked from: the person who is to let it in has to know, and uses another device.</summary>
internal sealed class RecordDevice : IOpenIddictServerHandler<ProcessSignInContext>
{
    private const string AddressClaim = "device_address";
    private const string UserAgentClaim = "device_user_agent";

    public static Origin OriginOf(ClaimsPrincipal code) => new(code.GetClaim(AddressClaim), code.GetClaim(UserAgentClaim));

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context is { EndpointType: OpenIddictServerEndpointType.DeviceAuthorization, UserCodePrincipal: { } code }
            && context.Transaction.GetHttpRequest() is { HttpContext: var http })
        {
            var origin = Origin.Of(http);
            code.SetClaim(AddressClaim, origin.Address).SetClaim(UserAgentClaim, origin.UserAgent);
        }

        return ValueTask.CompletedTask;
    }
}
