using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>
/// A used user code comes again by the back button or a second click, so only that request is refused. OpenIddict would take it for a
/// stolen token and revoke the whole authorization, including the device code, for which the device may not have polled yet.
/// </summary>
internal sealed class IgnoreRepeatedUserCode : IOpenIddictServerHandler<ValidateTokenContext>
{
    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal?.HasTokenType(TokenTypeIdentifiers.Private.UserCode) is true)
        {
            context.AuthorizationId = null;
        }

        return ValueTask.CompletedTask;
    }
}
