using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.ClientAuthentication;

/// <summary>
/// RFC 7521 4.2.1: a client assertion for another audience or about another client is <c>invalid_client</c>. OpenIddict answers
/// <c>invalid_token</c> for the audience and <c>invalid_grant</c> for the client.
/// </summary>
internal sealed class RefuseForeignAssertion
    : IOpenIddictServerHandler<ValidateTokenContext>, IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private const string SeveralAudiences = "The client assertion names several audiences: its 'aud' must be the issuer alone.";
    private const string Description = "The client assertion is for another server or about another client.";

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal?.HasTokenType(TokenTypeIdentifiers.Private.ClientAssertion) is not true)
        {
            return ValueTask.CompletedTask;
        }

        var audiences = context.Principal.GetAudiences();
        if (!context.ValidAudiences.Overlaps(audiences))
        {
            context.Reject(Errors.InvalidClient, Description);
        }
        else if (audiences.Length > 1)
        {
            // Another server in the audience could use the assertion here.
            context.Reject(Errors.InvalidClient, SeveralAudiences);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is { } assertion)
        {
            var subject = assertion.GetClaim(Claims.Subject);
            if (subject != assertion.GetClaim(Claims.Issuer) || (context.ClientId is { } client && client != subject))
            {
                context.Reject(Errors.InvalidClient, Description);
            }
        }

        return ValueTask.CompletedTask;
    }
}
