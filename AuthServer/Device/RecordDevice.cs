using System.Security.Claims;
using AuthServer.Sessions;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>
/// Stores the device's own address and user agent with the user code. The person who decides about the device uses another one, and has to
/// see them.
/// </summary>
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
