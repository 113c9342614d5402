using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Device;

/// <summary>
/// A user code that comes again is the back button or a second click, and is refused alone. OpenIddict takes it for a stolen token and ends all
/// that hangs on it, the device code too, which the device may not have polled for yet.
/// </summary>
internal sealed class SpareDeviceCode : IOpenIddictServerHandler<ValidateTokenContext>
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
