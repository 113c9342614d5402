using System.Collections.Immutable;
using AuthServer.Administration;
using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Consent;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Authorize;

/// <summary>
/// <c>GET|POST /connect/authorize</c> (RFC 6749 4.1.1, OpenID Connect Core 3.1.2). OpenIddict has already checked the client, its
/// redirect URI, PKCE and scopes, and has stored the request in the database. This class alone decides the next step. The pages do
/// not know each other; each leads back here.
/// </summary>
internal sealed class AuthorizeEndpoint(
    ClientCache clients,
    Consents consents,
    TokenPrincipal principals,
    AuthorizationWriter authorizations,
    AvailableFactors factors,
    RequestMarks marks,
    KeptRequestCodes codes,
    AuthDbContext database,
    TimeProvider time)
{
    public static Task<IResult> HandleAsync(HttpContext context, AuthorizeEndpoint endpoint) => endpoint.DecideAsync(context);

    private async Task<IResult> DecideAsync(HttpContext context)
    {
        var present = await BrowserSessions.FindAsync(context);
        var request = AuthorizeRequest.Of(context, present, marks);
        var steps = await AuthorizeSteps.BeginAsync(context, request, present, codes);
        var cancellationToken = context.RequestAborted;
        if (await clients.FindAsync(database, request.Parameters.ClientId!, cancellationToken) is not var (client, policy))
        {
            return Refuse(AuthorizeErrors.UnknownClient, steps);
        }

        // ResolveResources has already removed the scopes of other resources (RFC 8707 2).
        ImmutableArray<string> granted = [.. request.Parameters.GetScopes().Where(policy.Grants)];

        if (present is { Impersonator: not null })
        {
            if (request.NeedsUser || !request.IsFor(present.User))
            {
                return Refuse(request.IsSilent ? AuthorizeErrors.LoginRequired : AuthorizeErrors.Impersonated, steps);
            }

            granted = [.. granted.Where(scope => !AdminScopes.ByName.ContainsKey(scope))];
        }

        if (request.WantsAccount)
        {
            return request.IsDenied ? Refuse(AuthorizeErrors.AccessDenied, steps)
                : steps.Add(SupportSteps.AccountAsked, SupportReasons.Prompt, request.SendTo(Paths.Register));
        }

        var reason = request.ReasonToSignIn(present, time.GetUtcNow());
        if (present is null || reason is not null)
        {
            return request.IsSilent || (present is not null && request.IsMissed(present)) ? Refuse(AuthorizeErrors.LoginRequired, steps)
                : request.IsDenied ? Refuse(AuthorizeErrors.AccessDenied, steps)
                : steps.Add(SupportSteps.SignInAsked, reason, request.SendTo(BrowserCookie.SignInPath));
        }

        if (!request.IsStrongEnough(present))
        {
            // RFC 9470 5: asking is useless if the user has set up nothing stronger.
            return !AuthenticationLevel.Satisfies(await factors.OfAsync(present, cancellationToken), request.AcrValues)
                    ? Refuse(AuthorizeErrors.UnmetRequirements, steps)
                : request.IsSilent ? Refuse(AuthorizeErrors.LoginRequired, steps)
                : steps.Add(
                    SupportSteps.FactorAsked,
                    SupportReasons.TooWeak,
                    request.SendTo(await factors.PathToAsync(present, request.AcrValues, cancellationToken)));
        }

        if (request.WantsChoice)
        {
            return steps.Add(SupportSteps.ChoiceAsked, SupportReasons.Prompt, request.SendTo(Paths.SelectAccount));
        }

        var requested = request.RequestedClaims.AllowedTo(policy, granted);
        if (client.ConsentType is not ConsentTypes.Implicit || request.WantsConsent)
        {
            var given = await consents.FindAsync(present.User.Id, client.Id, cancellationToken);
            IReadOnlyList<string> wanted = [.. granted.Union(requested.Scopes)];
            if (request.IsMissing(given, wanted))
            {
                return request.IsSilent ? Refuse(AuthorizeErrors.ConsentRequired, steps)
                    : present.Impersonator is not null ? Refuse(AuthorizeErrors.ConsentOfImpersonated, steps)
                    : request.IsDenied ? Refuse(AuthorizeErrors.AccessDenied, steps)
                    : steps.Add(
                        SupportSteps.ConsentAsked,
                        request.WantsConsent ? SupportReasons.Prompt : SupportReasons.NotGiven,
                        request.SendTo(
                            Paths.Consent,
                            ConsentRequest.Parameter,
                            consents.Protect(new ConsentRequest(client.ClientId!, present.User.Id, wanted))));
            }
        }

        // The same user may repeat an answered request, by a double click or a reload.
        if (request.Answer is { } answer
            && !await database.Authorizations.AnyAsync(
                row => row.Id == answer && row.Subject == present.User.Id.ToString(), cancellationToken))
        {
            return Refuse(AuthorizeErrors.Answered, steps);
        }

        return await IssueAsync(request.Parameters, present, client, granted, requested, steps, cancellationToken);
    }

    private async Task<IResult> IssueAsync(
        OpenIddictRequest request,
        BrowserSession present,
        Client client,
        ImmutableArray<string> granted,
        RequestedClaims requested,
        AuthorizeSteps steps,
        CancellationToken cancellationToken)
    {
        var result = await principals.ForUserAsync(present.SignIn, request, granted, requested, cancellationToken);
        if (result.Principal is null)
        {
            return Refuse(result.Error!, steps);
        }

        // An app may ask silently every few minutes.
        var (session, text) = (present.Session.Id, ScopeList.Write(granted));
        var isKnown = await database.Authorizations.AnyAsync(
            row => row.SessionId == session && row.Application!.Id == client.Id && row.Scopes == text, cancellationToken);
        var authorization = authorizations.Prepare(session, present.SignIn, client, granted, time.GetUtcNow(), isKnown);
        authorization.Properties = requested.Write();
        await database.SaveChangesAsync(cancellationToken);
        TokenPrincipal.Attach(result.Principal, present.Session.Id, authorization.Id);
        result.Principal.SetClaim(TokenPrincipal.SupportCodeClaim, steps.Code);
        steps.AddCode(granted);
        return Results.SignIn(result.Principal, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    // RFC 6749 4.1.2.1: the error goes to the client, because its redirect URI has been verified.
    private static IResult Refuse(OAuthError error, AuthorizeSteps steps)
    {
        steps.AddRefusal(error);
        return Results.Forbid(
            new AuthenticationProperties(new Dictionary<string, string?>
            {
                [OpenIddictServerAspNetCoreConstants.Properties.Error] = error.Code,
                [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = error.Description,
            }),
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
