using System.Security.Claims;
using AuthServer.Protocol;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>
/// Stores the device's own address and user agent with the user code. The person who decides about the device uses another one, and has to
/// see them.
/// </summary>
internal sealed class RecordDeviceSource : IOpenIddictServerHandler<ProcessSignInContext>
{
    private const string AddressClaim = "device_address";
    private const string UserAgentClaim = "device_user_agent";

    public static RequestSource SourceOf(ClaimsPrincipal code) => new(code.GetClaim(AddressClaim), code.GetClaim(UserAgentClaim));

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context is { EndpointType: OpenIddictServerEndpointType.DeviceAuthorization, UserCodePrincipal: { } code }
            && context.Transaction.GetHttpRequest() is { HttpContext: var http })
        {
            var source = RequestSource.Of(http);
            code.SetClaim(AddressClaim, source.Address).SetClaim(UserAgentClaim, source.UserAgent);
        }

        return ValueTask.CompletedTask;
    }
}
