using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>
/// Decides what the tokens of a request hold: scopes, resources, claims and their destinations. For a single token, AttachAudience and
/// ShapeJwtClaims adjust it.
/// </summary>
internal sealed class TokenPrincipal(ScopeCache scopes, AuthDbContext context, IOptions<ConnectOptions> options, TimeProvider time)
{
    /// <summary>
    /// The id of the authorization that a code stands for. It has no destination, so only the code holds it. OpenIddict's own claim
    /// does not serve: it is read back from the code's entry, and the entry of a device code is older than the authorization.
    /// </summary>
    public const string AuthorizationClaim = "authorization";

    /// <summary>The support code of the sign-in, so that the redemption is a step of it. As above, only the code holds it.</summary>
    public const string SupportCodeClaim = "support_code";

    /// <summary>
    /// The <c>acr</c> of the ID token if the client requested a lower one than the sign-in's. ShapeJwtClaims writes it as <c>acr</c>.
    /// </summary>
    public const string RequestedLevelClaim = "asked_acr";

    // As OpenIddict keeps destinations in a claim. Its own method would write this JSON anew for each claim of each token.
    private const string InEveryToken = $"""["{Destinations.AccessToken}","{Destinations.IdentityToken}"]""";
    private const string InIdentityToken = $"""["{Destinations.IdentityToken}"]""";

    /// <param name="granted">All granted scopes. A refresh may request fewer for its new tokens.</param>
    /// <param name="requested">Only claims that the client may have: see <see cref="RequestedClaims.AllowedTo"/>.</param>
    public Task<GrantResult> ForUserAsync(
        SignIn signIn,
        OpenIddictRequest request,
        ImmutableArray<string> granted,
        RequestedClaims requested,
        CancellationToken cancellationToken)
    {
        var level = AuthenticationLevel.Of(signIn.Methods);
        var identity = Identity(signIn.User.Id.ToString());
        SetActor(identity, signIn.Actor);

        // While somebody else acts as the user, nothing says that the user has authenticated.
        if (signIn.Actor is null)
        {
            identity.SetClaim(Claims.AuthenticationTime, signIn.AuthenticatedBy(time.GetUtcNow()).ToUnixTimeSeconds());
            identity.SetClaims(Claims.AuthenticationMethodReference, [.. signIn.Methods]);
            identity.SetClaim(Claims.AuthenticationContextReference, level);
        }

        // RFC 6749 6: a refresh may request fewer scopes than were granted; its tokens then hold fewer claims.
        var told = request.GetScopes() is { IsEmpty: false } narrowed ? [.. granted.Intersect(narrowed)] : granted;
        var byName = new HashSet<string>(
            requested.IdentityToken.Where(claim => !told.Contains(UserClaims.ScopeOf(claim)!)), StringComparer.Ordinal);
        foreach (var claim in UserClaims.All)
        {
            if (byName.Contains(claim) || told.Contains(UserClaims.ScopeOf(claim)!))
            {
                Tell(identity, signIn, claim);
            }
        }

        if (signIn.Actor is null && requested.Levels.Count > 0 && !requested.Levels.Contains(level))
        {
            byName.Add(RequestedLevelClaim);
            identity.SetClaim(RequestedLevelClaim, AuthenticationLevel.StrongestOf(level, requested.Levels));
        }

        return FinishAsync(identity, request, granted, byName, cancellationToken);
    }

    /// <summary>RFC 6749 4.4: the client acts for itself and is its own subject (RFC 9068 2.2).</summary>
    public async Task<GrantResult> ForClientAsync(OpenIddictRequest request, CancellationToken cancellationToken) =>
        request.HasScope(Scopes.OpenId) || request.HasScope(Scopes.OfflineAccess)
            ? OAuthError.NobodySignedIn
            : await FinishAsync(Identity(request.ClientId!), request, request.GetScopes(), [], cancellationToken);

    /// <summary>Names the session (<c>sid</c>, OpenID Connect Back-Channel Logout 2.1) and the authorization in the principal.</summary>
    public static void Attach(ClaimsPrincipal principal, Guid session, Guid authorization)
    {
        principal.SetAuthorizationId(authorization.ToString());
        principal.SetClaim(AuthorizationClaim, authorization.ToString());
        principal.SetClaim(ProtocolNames.SessionIdClaim, session.ToString());
        principal.Claims.First(claim => claim.Type is ProtocolNames.SessionIdClaim).Properties[Properties.Destinations] = InEveryToken;
    }

    /// <summary>Ends the tokens with the impersonation. Those of the user's own sign-in are as long valid as others.</summary>
    /// <param name="identityLifetime">How long ID tokens are valid.</param>
    public static void Limit(
        ClaimsPrincipal principal, AuthorizationSnapshot authorization, ClientPolicy policy, TimeSpan identityLifetime, DateTimeOffset now)
    {
        if (authorization.Impersonation is not null)
        {
            principal.SetAccessTokenLifetime(authorization.Within(now + policy.AccessLifetime) - now);
            principal.SetIdentityTokenLifetime(authorization.Within(now + identityLifetime) - now);
        }
    }

    /// <summary>Names the administrator who acts as the subject (RFC 8693 4.1).</summary>
    /// <param name="actor">Null if nobody does.</param>
    public static void SetActor(ClaimsIdentity identity, Guid? actor)
    {
        if (actor is { } id)
        {
            identity.SetClaim(ProtocolNames.ActorClaim, new JsonObject { [Claims.Subject] = id.ToString() });
        }
    }

    /// <returns>The value of <c>act</c>, which is an object; null if nobody acts as the subject.</returns>
    public static JsonElement? ActorOf(ClaimsPrincipal token) =>
        token.GetClaim(ProtocolNames.ActorClaim) is { } json ? JsonSerializer.Deserialize<JsonElement>(json) : null;

    private static void Tell(ClaimsIdentity identity, SignIn signIn, string claim)
    {
        if (claim is Claims.Role)
        {
            identity.SetClaims(claim, [.. signIn.Roles]);
            return;
        }

        switch (UserClaims.Of(signIn.User, claim))
        {
            case bool flag:
                identity.SetClaim(claim, flag);
                break;
            case string text:
                identity.SetClaim(claim, text);
                break;
        }
    }

    private static ClaimsIdentity Identity(string subject) =>
        new ClaimsIdentity("AuthServer", Claims.Name, Claims.Role).SetClaim(Claims.Subject, subject);

    private async Task<GrantResult> FinishAsync(
        ClaimsIdentity identity,
        OpenIddictRequest request,
        ImmutableArray<string> granted,
        HashSet<string> forIdentityToken,
        CancellationToken cancellationToken)
    {
        var known = await scopes.AllAsync(context, cancellationToken);
        var resources = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in granted)
        {
            if (known.TryGetValue(scope, out var entry))
            {
                resources.UnionWith(entry.Resources);
            }
        }

        // With openid the issuer is a resource too: its userinfo endpoint takes the token.
        if (request.GetResources().Any(resource =>
            !resources.Contains(resource) && !(granted.Contains(Scopes.OpenId) && resource == options.Value.IssuerUri.AbsoluteUri)))
        {
            return OAuthError.InvalidTarget;
        }

        // All of them: the refresh token stands for all. OpenIddict narrows the access token to the scopes of a refresh.
        identity.SetScopes(granted);
        identity.SetResources(resources);
        foreach (var claim in identity.Claims)
        {
            claim.Properties[Properties.Destinations] = forIdentityToken.Contains(claim.Type) ? InIdentityToken : InEveryToken;
        }

        return new ClaimsPrincipal(identity);
    }
}
