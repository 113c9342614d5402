using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.ClientAuthentication;

/// <summary>
/// Checks in a client assertion what OpenIddict does not: it has begun, it ends soon and has not expired (RFC 7523 3), it has a <c>jti</c>
/// (OpenID Connect Core 9), and it has no critical header, because this server supports none (RFC 7515 4.1.11).
/// </summary>
internal sealed class RefuseInvalidAssertion : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal?.HasTokenType(TokenTypeIdentifiers.Private.ClientAssertion) is not true)
        {
            return ValueTask.CompletedTask;
        }

        var assertion = new JsonWebToken(context.Token);
        var now = context.Options.TimeProvider.GetUtcNow().UtcDateTime;
        if (assertion.TryGetHeaderValue<object>("crit", out _))
        {
            context.Reject(Errors.InvalidClient, "The client assertion has a 'crit' header, and this server supports no extension.");
        }
        else if (string.IsNullOrEmpty(assertion.Id))
        {
            context.Reject(Errors.InvalidClient, "The client assertion has no 'jti'. It may be used only once, so it needs one.");
        }
        else if (assertion.ValidTo < now - Skew)
        {
            context.Reject(Errors.InvalidClient, "The client assertion has expired, or has no 'exp'.");
        }
        else if (assertion.ValidFrom > now + Skew || assertion.ValidTo > now + Longest + Skew)
        {
            context.Reject(
                Errors.InvalidClient, $"The client assertion is not yet valid, or valid for longer than {Longest.TotalMinutes} minutes.");
        }

        return ValueTask.CompletedTask;
    }
}
