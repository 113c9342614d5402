using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.ClientAuthentication;

/// <summary>
/// RFC 7523 3, OpenID Connect Core 9: a client assertion is used once, across all nodes, so an intercepted one is worthless.
/// OpenIddict would accept it again until it expires.
/// </summary>
internal sealed class SpendAssertion(SpentValues spent) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is not { } assertion)
        {
            return;
        }

        var expiresAt = assertion.GetExpirationDate()!.Value + RefuseInvalidAssertion.Skew;
        var purpose = $"client assertion of {assertion.GetClaim(Claims.Subject)}";
        if (!await spent.TrySpendAsync(purpose, assertion.GetClaim(Claims.JwtId)!, expiresAt, context.CancellationToken))
        {
            context.Reject(Errors.InvalidClient, "The client assertion has been used before: its 'jti' must be new.");
        }
    }
}
