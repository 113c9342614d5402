using System.Collections.Immutable;
using System.Security.Claims;
using AuthServer.Consent;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Authorize;

/// <summary>
/// An authorization request as it lies in the database, pushed (RFC 9126) or put there by OpenIddict when it arrived. Its mark tells what the
/// person has done for it, so that <c>prompt=login</c> asks once and not for ever.
/// </summary>
internal sealed class AuthorizeRequest
{
    private readonly IQueryCollection query;
    private readonly ImmutableArray<string> prompts;
    private readonly ClaimsPrincipal? hint;
    private readonly ClaimsParameter claims;
    private readonly RequestMark mark;

    private AuthorizeRequest(OpenIddictRequest parameters, IQueryCollection query, ClaimsPrincipal? hint, RequestMark mark, Guid? answer)
    {
        (Parameters, this.query, this.hint, this.mark, Answer) = (parameters, query, hint, mark, answer);
        prompts = parameters.GetPromptValues();
        claims = ClaimsParameter.Of(parameters);
    }

    public OpenIddictRequest Parameters { get; }

    /// <summary>Whether no page may be shown.</summary>
    public bool IsSilent => prompts.Contains(PromptValues.None);

    public bool IsDenied => query.ContainsKey(ProtocolNames.DeniedParameter);

    public bool WantsConsent => prompts.Contains(PromptValues.Consent);

    /// <summary>What it asks for by name, before anybody has looked at what the client may have.</summary>
    public RequestedClaims RequestedClaims => claims.Requested;

    /// <summary>The authorization that it has led to already.</summary>
    public Guid? Answer { get; }

    /// <summary>OpenID Connect Prompt Create 1.0, 4.</summary>
    public bool WantsAccount => prompts.Contains(ProtocolNames.CreatePrompt) && !mark.IsSignedIn;

    public static AuthorizeRequest Of(HttpContext context, BrowserSession? present, RequestMarks marks)
    {
        var transaction = context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        var validated = RequestState.ContextOf<ValidateAuthorizationRequestContext>(transaction)!;
        var kept = validated.RequestTokenPrincipal
            ?? throw new InvalidOperationException("OpenIddict passed an authorization request on that is not in the database.");
        var query = context.Request.Query;
        var mark = marks.Find(query[RequestMarks.Parameter], transaction.Request!.RequestUri!, present?.Session.Id);
        return new AuthorizeRequest(
            transaction.Request, query, validated.IdentityTokenHintPrincipal, mark, Guid.TryParse(kept.GetAuthorizationId(), out var answer) ? answer : null);
    }

    /// <summary>OpenID Connect Core 3.1.2.1: <c>prompt</c>, <c>max_age</c>, <c>id_token_hint</c>; 5.5.1: <c>sub</c> by name.</summary>
    public bool WantsSignIn(BrowserSession present, DateTimeOffset now)
    {
        if (!IsFor(present.User))
        {
            return true;
        }

        // However short the age, or long the way back from a consent.
        if (mark.IsSignedIn)
        {
            return false;
        }

        // An age of 0 is as prompt=login: no clock decides it.
        return prompts.Contains(PromptValues.Login)
            || (Parameters.MaxAge is { } seconds && (seconds is 0 || (now - present.Session.AuthenticatedAt).TotalSeconds > seconds));
    }

    /// <summary>Whether somebody has signed in for it who is not the one it is for (OpenID Connect Core 3.1.2.1): once more would be no different.</summary>
    public bool IsMissed(BrowserSession present) => !IsFor(present.User) && mark.IsSignedIn;

    private bool IsFor(User user) =>
        !(hint?.GetClaim(Claims.Subject) is { } subject && subject != user.Id.ToString())
        && claims.Subjects?.Contains(user.Id.ToString()) is not false;

    /// <summary>
    /// OpenID Connect Core 3.1.2.1, RFC 9470 4: <c>acr_values</c>, of which one is enough. An essential <c>acr</c> by name (5.5.1.1) comes in
    /// their place.
    /// </summary>
    public IReadOnlyList<string> AcrValues => claims.NeedsLevel ? claims.Requested.Levels : Parameters.GetAcrValues();

    public bool IsStrongEnough(BrowserSession present) => AuthenticationLevel.Satisfies(present.Methods, AcrValues);

    /// <summary>A sign-in for this request is a choice, too.</summary>
    public bool WantsChoice => prompts.Contains(PromptValues.SelectAccount) && !mark.IsChosen && !mark.IsSignedIn;

    /// <summary>Whether a consent that was given is not enough for what is asked.</summary>
    public bool IsMissing(GivenConsent? given, IEnumerable<string> scopes) =>
        given is null || scopes.Except(given.Scopes).Any() || (WantsConsent && !mark.IsConsented);

    /// <summary>To a page, which leads back here.</summary>
    public IResult SendTo(string page, string? name = null, string? value = null)
    {
        var back = QueryHelpers.AddQueryString(Paths.Authorize, new Dictionary<string, string?>
        {
            [OpenIddictConstants.Parameters.ClientId] = Parameters.ClientId,
            [OpenIddictConstants.Parameters.RequestUri] = Parameters.RequestUri,
            [RequestMarks.Parameter] = mark.IsEmpty ? null : query[RequestMarks.Parameter].ToString(),
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
