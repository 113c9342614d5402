using System.Collections.Immutable;
using System.Security.Claims;
using AuthServer.Consent;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using AuthServer.Users;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Authorize;

/// <summary>
/// A kept authorization request: it was pushed (RFC 9126), or OpenIddict stored it when it arrived. Its mark says what the user has
/// done for it, so that <c>prompt=login</c> asks once and not again on each return.
/// </summary>
internal sealed class AuthorizeRequest
{
    private static readonly string[] KnownPrompts =
        [PromptValues.None, PromptValues.Login, PromptValues.Consent, PromptValues.SelectAccount, ProtocolNames.CreatePrompt];

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

    /// <summary>True if no page may be shown.</summary>
    public bool IsSilent => prompts.Contains(PromptValues.None);

    public bool IsDenied => query.ContainsKey(ProtocolNames.DeniedParameter);

    public bool WantsConsent => prompts.Contains(PromptValues.Consent);

    /// <summary>The claims that the client requests by name, before those that it may not have are removed.</summary>
    public RequestedClaims RequestedClaims => claims.Requested;

    /// <summary>The authorization that this request has already led to; null if it has not been answered.</summary>
    public Guid? Answer { get; }

    /// <summary>OpenID Connect Prompt Create 1.0, 4.</summary>
    public bool WantsAccount => prompts.Contains(ProtocolNames.CreatePrompt) && !mark.IsSignedIn;

    public static AuthorizeRequest Of(HttpContext context, BrowserSession? present, RequestMarks marks)
    {
        var transaction = context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        var validated = RequestState.ContextOf<ValidateAuthorizationRequestContext>(transaction)!;
        var kept = validated.RequestTokenPrincipal
            ?? throw new InvalidOperationException("OpenIddict passed on an authorization request that is not in the database.");
        var query = context.Request.Query;
        var mark = marks.Find(query[RequestMarks.Parameter], transaction.Request!.RequestUri!, present?.Session.Id);
        return new AuthorizeRequest(
            transaction.Request,
            query,
            validated.IdentityTokenHintPrincipal,
            mark,
            Guid.TryParse(kept.GetAuthorizationId(), out var answer) ? answer : null);
    }

    /// <summary>What the request demands of the sign-in, for its support code. Only values that this server knows.</summary>
    /// <returns>Null if it demands nothing.</returns>
    public string? Wishes => new[]
    {
        prompts.Intersect(KnownPrompts).ToArray() is { Length: > 0 } known ? $"prompt={string.Join(',', known)}" : null,
        Parameters.MaxAge is { } seconds ? FormattableString.Invariant($"max_age={seconds}") : null,
        AuthenticationLevel.All.Intersect(AcrValues).ToArray() is { Length: > 0 } levels ? $"acr={string.Join(',', levels)}" : null,
    }.OfType<string>().ToArray() is { Length: > 0 } wishes ? string.Join(' ', wishes) : null;

    /// <summary>
    /// Why there must be a sign-in: nobody is signed in, or the request demands another sign-in by <c>prompt</c>, <c>max_age</c> or
    /// <c>id_token_hint</c> (OpenID Connect Core 3.1.2.1), or by a <c>sub</c> in its claims (5.5.1).
    /// </summary>
    /// <returns>One of <see cref="SupportReasons"/>; null if the present sign-in is enough.</returns>
    public string? ReasonToSignIn(BrowserSession? present, DateTimeOffset now)
    {
        if (present is null)
        {
            return SupportReasons.NobodySignedIn;
        }

        if (!IsFor(present.User))
        {
            return SupportReasons.OtherPerson;
        }

        // A sign-in for this request meets any max_age, even if the way back took longer.
        if (mark.IsSignedIn)
        {
            return null;
        }

        // A max_age of 0 means the same as prompt=login, whatever the clock says.
        return prompts.Contains(PromptValues.Login) ? SupportReasons.Prompt
            : Parameters.MaxAge is { } seconds && (seconds is 0 || (now - present.Session.AuthenticatedAt).TotalSeconds > seconds)
                ? SupportReasons.TooOld
            : null;
    }

    /// <summary>
    /// True if the request demands that the user authenticates or registers, however long ago that may be. While an administrator acts as
    /// the user, nobody can.
    /// </summary>
    public bool NeedsUser =>
        prompts.Contains(PromptValues.Login) || prompts.Contains(ProtocolNames.CreatePrompt) || Parameters.MaxAge is not null
        || AuthenticationLevel.All.Intersect(AcrValues).Any();

    /// <summary>
    /// True if someone other than the requested user has signed in for this request; asking again would not help (OpenID Connect Core
    /// 3.1.2.1).
    /// </summary>
    public bool IsMissed(BrowserSession present) => !IsFor(present.User) && mark.IsSignedIn;

    public bool IsFor(User user) =>
        !(hint?.GetClaim(Claims.Subject) is { } subject && subject != user.Id.ToString())
        && claims.Subjects?.Contains(user.Id.ToString()) is not false;

    /// <summary>
    /// The requested levels, of which one is enough: <c>acr_values</c> (OpenID Connect Core 3.1.2.1, RFC 9470 4). An essential
    /// <c>acr</c> in <c>claims</c> (5.5.1.1) replaces them.
    /// </summary>
    public IReadOnlyList<string> AcrValues => claims.NeedsLevel ? claims.Requested.Levels : Parameters.GetAcrValues();

    public bool IsStrongEnough(BrowserSession present) => AuthenticationLevel.Satisfies(present.Methods, AcrValues);

    /// <summary>True if the user has yet to choose an account. A sign-in for this request counts as a choice.</summary>
    public bool WantsChoice => prompts.Contains(PromptValues.SelectAccount) && !mark.IsChosen && !mark.IsSignedIn;

    /// <summary>True if the consent given so far does not cover the request.</summary>
    public bool IsMissing(GivenConsent? given, IEnumerable<string> scopes) =>
        given is null || scopes.Except(given.Scopes).Any() || (WantsConsent && !mark.IsConsented);

    /// <summary>Redirects to a page, which leads back to the authorize endpoint.</summary>
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
