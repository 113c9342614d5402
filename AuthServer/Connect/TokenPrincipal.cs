using System.Collections.Immutable;
using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>The one place that decides what is in a token: scopes, resources, claims, their destinations.</summary>
internal sealed class TokenPrincipal(ScopeCache scopes, AuthDbContext context, IOptions<ConnectOptions> options, TimeProvider time)
{

    /// <summary>
    /// What a code gives, in the code alone: it has no destination. OpenIddict's own claim for it is, in a device code,
    /// that of the device's request.
    /// </summary>
    public const string AuthorizationClaim = "authorization";

    /// <summary>The <c>acr</c> of the ID token where it is not that of the sign-in; written as <c>acr</c>.</summary>
    public const string RequestedLevelClaim = "asked_acr";

    private static readonly ImmutableArray<string> InEveryToken = [Destinations.AccessToken, Destinations.IdentityToken];
    private static readonly ImmutableArray<string> InIdentityToken = [Destinations.IdentityToken];

    /// <param name="granted">All that the sign-in was given. A refresh may ask for less in its access token.</param>
    /// <param name="requested">What the client may have of that, for its ID token.</param>
    public Task<GrantResult> ForUserAsync(
        SignIn signIn, OpenIddictRequest request, ImmutableArray<string> granted, RequestedClaims requested, CancellationToken cancellationToken)
    {
        var level = AuthenticationLevel.Of(signIn.Methods);
        var identity = Identity(signIn.User.Id.ToString());
        identity.SetClaim(Claims.AuthenticationTime, signIn.AuthenticatedBy(time.GetUtcNow()).ToUnixTimeSeconds());
        identity.SetClaims(Claims.AuthenticationMethodReference, [.. signIn.Methods]);
        identity.SetClaim(Claims.AuthenticationContextReference, level);

        // RFC 6749 6: a refresh may ask for less than was granted; its tokens then tell less.
        var told = request.GetScopes() is { IsEmpty: false } narrowed ? [.. granted.Intersect(narrowed)] : granted;
        var byName = new HashSet<string>(requested.IdentityToken.Where(claim => !told.Contains(UserClaims.ScopeOf(claim)!)), StringComparer.Ordinal);
        foreach (var claim in UserClaims.All)
        {
            if (byName.Contains(claim) || told.Contains(UserClaims.ScopeOf(claim)!))
            {
                Tell(identity, signIn, claim);
            }
        }

        if (requested.Levels.Count > 0 && !requested.Levels.Contains(level))
        {
            byName.Add(RequestedLevelClaim);
            identity.SetClaim(RequestedLevelClaim, AuthenticationLevel.Among(level, requested.Levels));
        }

        return FinishAsync(identity, request, granted, byName, cancellationToken);
    }

    /// <summary>RFC 6749 4.4: the client acts for itself and is its own subject (RFC 9068 2.2).</summary>
    public async Task<GrantResult> ForClientAsync(OpenIddictRequest request, CancellationToken cancellationToken) =>
        request.HasScope(Scopes.OpenId) || request.HasScope(Scopes.OfflineAccess)
            ? OAuthError.NobodySignedIn
            : await FinishAsync(Identity(request.ClientId!), request, request.GetScopes(), [], cancellationToken);

    /// <summary>Ties the tokens to what they hang on (OpenID Connect Back-Channel Logout 2.1: <c>sid</c>).</summary>
    public static void Attach(ClaimsPrincipal principal, Guid session, Guid authorization)
    {
        principal.SetAuthorizationId(authorization.ToString());
        principal.SetClaim(AuthorizationClaim, authorization.ToString());
        principal.SetClaim(ProtocolNames.SessionIdClaim, session.ToString());
        principal.Claims.First(claim => claim.Type is ProtocolNames.SessionIdClaim).SetDestinations(InEveryToken);
    }

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
        ClaimsIdentity identity, OpenIddictRequest request, ImmutableArray<string> granted, HashSet<string> forIdentityToken, CancellationToken cancellationToken)
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

        // The issuer is one, whose userinfo endpoint is for sign-ins.
        if (request.GetResources().Any(resource => !resources.Contains(resource) && !(granted.Contains(Scopes.OpenId) && resource == options.Value.IssuerUri.AbsoluteUri)))
        {
            return OAuthError.InvalidTarget;
        }

        identity.SetScopes(granted);
        identity.SetResources(resources);
        identity.SetDestinations(claim => forIdentityToken.Contains(claim.Type) ? InIdentityToken : InEveryToken);
        return new ClaimsPrincipal(identity);
    }
}
