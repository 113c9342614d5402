using System.Collections.Immutable;
using System.Security.Claims;
using AuthServer.Consent;
using AuthServer.Hosting;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Authorize;

/// <summary>
/// An authorization request as it lies in the database, pushed (RFC 9126) or put there by OpenIddict when it arrived. When that
/// was tells whether a sign-in or a consent is of before or after it, so that <c>prompt=login</c> asks once and not for ever.
/// </summary>
internal sealed class AuthorizeRequest
{
    /// <summary>On the way back from the choice of an account: the session that was chosen.</summary>
    public const string ChosenParameter = "account";

    /// <summary>On the way back from a page, when the person does not want to go on.</summary>
    public const string DeniedParameter = "denied";

    private static readonly TimeSpan WayBack = TimeSpan.FromMinutes(1);

    // When a request arrived is known to the second.
    private static readonly TimeSpan Precision = TimeSpan.FromSeconds(1);

    private readonly IQueryCollection query;
    private readonly ImmutableArray<string> prompts;
    private readonly ClaimsPrincipal? hint;
    private readonly ClaimsParameter claims;
    private readonly DateTimeOffset arrivedAt;

    private AuthorizeRequest(OpenIddictRequest parameters, IQueryCollection query, ClaimsPrincipal? hint, DateTimeOffset arrivedAt)
    {
        (Parameters, this.query, this.hint, this.arrivedAt) = (parameters, query, hint, arrivedAt);
        prompts = parameters.GetPromptValues();
        claims = ClaimsParameter.Of(parameters);
    }

    public OpenIddictRequest Parameters { get; }

    /// <summary>Whether no page may be shown.</summary>
    public bool IsSilent => prompts.Contains(PromptValues.None);

    public bool IsDenied => query.ContainsKey(DeniedParameter);

    public bool WantsConsent => prompts.Contains(PromptValues.Consent);

    /// <summary>What it asks for by name, before anybody has looked at what the client may have.</summary>
    public AskedClaims AskedClaims => claims.Asked;

    public static AuthorizeRequest Of(HttpContext context)
    {
        var transaction = context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        var validated = transaction.GetProperty<ValidateAuthorizationRequestContext>(typeof(ValidateAuthorizationRequestContext).FullName!)!;
        var arrivedAt = validated.RequestTokenPrincipal?.GetCreationDate()
            ?? throw new InvalidOperationException("OpenIddict passed an authorization request on that is not in the database.");
        return new AuthorizeRequest(transaction.Request!, context.Request.Query, validated.IdentityTokenHintPrincipal, arrivedAt);
    }

    /// <summary>OpenID Connect Core 3.1.2.1: <c>prompt</c>, <c>max_age</c>, <c>id_token_hint</c>; 5.5.1: <c>sub</c> by name.</summary>
    public bool WantsSignIn(BrowserSession present, DateTimeOffset now)
    {
        if (!IsFor(present.User))
        {
            return true;
        }

        var authenticatedAt = present.Session.AuthenticatedAt;
        if (authenticatedAt < arrivedAt && prompts.Contains(PromptValues.Login))
        {
            return true;
        }

        // Who has just signed in for this request is on the way back from it, however short the age.
        var age = now - authenticatedAt;
        return Parameters.MaxAge is { } seconds && age.TotalSeconds > seconds && !(authenticatedAt >= arrivedAt && age <= WayBack);
    }

    /// <summary>Whether somebody has signed in for it who is not the one it is for (OpenID Connect Core 3.1.2.1): once more would be no different.</summary>
    public bool IsMissed(BrowserSession present) => !IsFor(present.User) && present.Session.AuthenticatedAt >= arrivedAt + Precision;

    private bool IsFor(User user) =>
        !(hint?.GetClaim(Claims.Subject) is { } subject && subject != user.Id.ToString())
        && claims.Subjects?.Contains(user.Id.ToString()) is not false;

    /// <summary>
    /// OpenID Connect Core 3.1.2.1, RFC 9470 4: <c>acr_values</c>, of which one is enough. An essential <c>acr</c> by name (5.5.1.1) comes in
    /// their place.
    /// </summary>
    public IReadOnlyList<string> AcrValues => claims.NeedsLevel ? claims.Asked.Levels : Parameters.GetAcrValues();

    /// <summary>Whether none of the levels that are essential to it is one of this server's.</summary>
    public bool IsUnattainable => claims.NeedsLevel && claims.Asked.Levels.Count is 0;

    public bool IsStrongEnough(BrowserSession present) => AuthenticationLevel.Satisfies(present.Methods, AcrValues);

    public bool WantsChoice(BrowserSession present) =>
        prompts.Contains(PromptValues.SelectAccount)
        && present.Session.AuthenticatedAt < arrivedAt
        && query[ChosenParameter] != present.Session.Id.ToString();

    /// <summary>Whether a consent that was given is not enough for what is asked.</summary>
    public bool IsMissing(GivenConsent? given, IEnumerable<string> scopes) =>
        given is null || scopes.Except(given.Scopes).Any() || (WantsConsent && given.At < arrivedAt);

    /// <summary>To a page, which leads back here.</summary>
    public IResult SendTo(string page, string? name = null, string? value = null)
    {
        var back = QueryHelpers.AddQueryString(Paths.Authorize, new Dictionary<string, string?>
        {
            [OpenIddictConstants.Parameters.ClientId] = Parameters.ClientId,
            [OpenIddictConstants.Parameters.RequestUri] = Parameters.RequestUri,
        });
        var parameters = new Dictionary<string, string?> { [BrowserCookie.ReturnUrl] = back };
        AddIfGiven(OpenIddictConstants.Parameters.LoginHint, Parameters.LoginHint);
        AddIfGiven(OpenIddictConstants.Parameters.UiLocales, Parameters.UiLocales);
        if (name is not null)
        {
            parameters[name] = value;
        }

        return Results.LocalRedirect(QueryHelpers.AddQueryString(page, parameters));

        void AddIfGiven(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parameters[name] = value;
            }
        }
    }
}
