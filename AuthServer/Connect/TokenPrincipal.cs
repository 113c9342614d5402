using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>The one place that decides what is in a token: scopes, resources, claims, their destinations, lifetimes.</summary>
internal sealed class TokenPrincipal(
    IOpenIddictApplicationManager clients,
    IOpenIddictScopeManager scopes,
    UserManager<User> users,
    IOptions<ConnectOptions> options,
    TimeProvider time)
{
    /// <summary>Stays in the refresh token: a changed stamp ends the sign-in.</summary>
    public const string SecurityStampClaim = "security_stamp";

    /// <summary>A client's own <see cref="ConnectOptions.RefreshTokenIdleLifetime"/>, a <see cref="TimeSpan"/> in format <c>c</c>.</summary>
    public const string IdleLifetimeSetting = "refresh_token_idle_lifetime";

    private static readonly string[] InEveryToken = [Destinations.AccessToken, Destinations.IdentityToken];

    /// <param name="granted">All that the sign-in was given. A refresh may ask for less in its access token.</param>
    public async Task<GrantResult> ForUserAsync(
        SignIn signIn, OpenIddictRequest request, ImmutableArray<string> granted, CancellationToken cancellationToken)
    {
        var user = signIn.User;
        var identity = Identity(await users.GetUserIdAsync(user));
        identity.SetClaim(Claims.AuthenticationTime, signIn.AuthenticatedAt.ToUnixTimeSeconds());
        identity.SetClaims(Claims.AuthenticationMethodReference, [.. signIn.Methods]);
        identity.SetClaim(SecurityStampClaim, await users.GetSecurityStampAsync(user));

        // RFC 6749 6: a refresh may ask for less than was granted; its tokens then tell less.
        var told = request.GetScopes() is { IsEmpty: false } asked ? [.. granted.Intersect(asked)] : granted;
        foreach (var (type, value) in UserClaims.Profile(user, told))
        {
            identity.SetClaim(type, value);
        }

        if (told.Contains(Scopes.Email))
        {
            identity.SetClaim(Claims.EmailVerified, user.EmailConfirmed);
        }

        if (told.Contains(Scopes.Roles))
        {
            identity.SetClaims(Claims.Role, [.. await users.GetRolesAsync(user)]);
        }

        var left = await LeftAsync(signIn, request.ClientId!, cancellationToken);
        if (left <= TimeSpan.Zero)
        {
            return OAuthError.SignInEnded;
        }

        identity.SetRefreshTokenLifetime(left);
        return await FinishAsync(identity, request, granted, cancellationToken);
    }

    /// <summary>RFC 6749 4.4: the client acts for itself and is its own subject (RFC 9068 2.2).</summary>
    public async Task<GrantResult> ForClientAsync(OpenIddictRequest request, CancellationToken cancellationToken) =>
        request.HasScope(Scopes.OpenId) || request.HasScope(Scopes.OfflineAccess)
            ? OAuthError.NobodySignedIn
            : await FinishAsync(Identity(request.ClientId!), request, request.GetScopes(), cancellationToken);

    private static ClaimsIdentity Identity(string subject) =>
        new ClaimsIdentity("AuthServer", Claims.Name, Claims.Role).SetClaim(Claims.Subject, subject);

    private async Task<GrantResult> FinishAsync(
        ClaimsIdentity identity, OpenIddictRequest request, ImmutableArray<string> granted, CancellationToken cancellationToken)
    {
        identity.SetScopes(granted);

        var resources = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var resource in scopes.ListResourcesAsync(granted, cancellationToken))
        {
            resources.Add(resource);
        }

        if (!resources.IsSupersetOf(request.GetResources()))
        {
            return OAuthError.InvalidTarget;
        }

        identity.SetResources(resources);
        identity.SetDestinations(claim => claim.Type is SecurityStampClaim ? [] : InEveryToken);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>How long the next refresh token may live: the idle lifetime, and never past the end of the sign-in.</summary>
    private async Task<TimeSpan> LeftAsync(SignIn signIn, string clientId, CancellationToken cancellationToken)
    {
        var client = await clients.FindByClientIdAsync(clientId, cancellationToken);
        var settings = client is null ? [] : await clients.GetSettingsAsync(client, cancellationToken);
        var lifetime = Setting(Settings.TokenLifetimes.RefreshToken) ?? options.Value.RefreshTokenLifetime;
        var idle = Setting(IdleLifetimeSetting) ?? options.Value.RefreshTokenIdleLifetime ?? lifetime;

        var left = signIn.AuthenticatedAt + lifetime - time.GetUtcNow();
        return idle < left ? idle : left;

        TimeSpan? Setting(string name) =>
            settings.TryGetValue(name, out var text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
