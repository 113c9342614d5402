using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Grants;

/// <summary>RFC 6749 4.3, for first-party clients. An account with two-step sign-in is refused: this grant cannot ask for a code.</summary>
internal sealed class PasswordGrant(
    ClientCache clients,
    AuthDbContext database,
    SignInThrottle throttle,
    PasswordSignIn passwords,
    UserManager<User> users,
    TokenPrincipal principals,
    AuthorizationWriter authorizations,
    SecurityEvents events,
    TimeProvider time)
{
    public async Task<GrantResult> HandleAsync(
        HttpContext context, OpenIddictServerTransaction transaction, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        if (await clients.FindAsync(database, request.ClientId!, cancellationToken) is not var (client, policy))
        {
            return OAuthError.InvalidCredentials;
        }

        (events.ClientId, events.IsFromAppServer) = (client.ClientId, policy.IsConfidential);
        var source = policy.IsConfidential ? throttle.OfClient(request.ClientId!) : throttle.OfAddress(context.RemoteAddress());
        var result = await passwords.TryAsync(source, request.Username!, request.Password!, browser: null, cancellationToken);
        return result switch
        {
            { Outcome: PasswordOutcome.Passed, User: { TwoFactorEnabled: true } user } => RefuseWithoutSecondFactor(user),
            { Outcome: PasswordOutcome.Passed, User: { } user } =>
                await SignInAsync(context, transaction, request, user, client, policy, cancellationToken),
            { Outcome: PasswordOutcome.Throttled } => OAuthError.TooManyAttempts(result.RetryAfter),
            { Outcome: PasswordOutcome.Busy } => OAuthError.Busy(result.RetryAfter),
            _ => OAuthError.InvalidCredentials,
        };
    }

    private async Task<GrantResult> SignInAsync(
        HttpContext context,
        OpenIddictServerTransaction transaction,
        OpenIddictRequest request,
        User user,
        Client client,
        ClientPolicy policy,
        CancellationToken cancellationToken)
    {
        var scopes = request.GetScopes();
        IReadOnlyList<string> roles = scopes.Contains(Scopes.Roles) ? [.. await users.GetRolesAsync(user)] : [];
        var signIn = new SignIn(user, roles, time.GetUtcNow(), [AuthenticationMethodReferences.Password]);
        var result = await principals.ForUserAsync(signIn, request, scopes, RequestedClaims.None, cancellationToken);
        if (result.Principal is null)
        {
            return result;
        }

        var state = RequestState.Of(transaction);
        var (session, token) = authorizations.Begin(
            signIn, client, policy, scopes, RequestSource.Of(context), state.RefreshesByAccessToken);
        await database.SaveChangesAsync(cancellationToken);
        TokenPrincipal.Attach(result.Principal, session.Id, token.AuthorizationId);
        state.IssuedRefreshToken = token;
        events.SignedIn(user.Id, signIn.Methods);
        return result;
    }

    private OAuthError RefuseWithoutSecondFactor(User user)
    {
        events.Refused(
            SecurityEventKinds.RequestRefused, RefusalCodes.SecondFactorMissing, OAuthError.SecondFactorNeeded.Description, user.Id);
        return OAuthError.SecondFactorNeeded;
    }
}
