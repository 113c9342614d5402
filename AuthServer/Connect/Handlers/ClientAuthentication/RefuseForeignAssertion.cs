using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.ClientAuthentication;

/// <summary>
/// RFC 7521 4.2.1: a client assertion for another audience or about another client is <c>invalid_client</c>;
/// OpenIddict calls the one <c>invalid_token</c> and the other <c>invalid_grant</c>.
/// </summary>
internal sealed class RefuseForeignAssertion
    : IOpenIddictServerHandler<ValidateTokenContext>, IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private const string SeveralAudiences = "The client assertion is meant for others, too: its 'aud' must be the issuer alone.";
    private const string Description = "The client assertion is not meant for this server or not about this client.";

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
            // Another server that it is for could use it here.
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
