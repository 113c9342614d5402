using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// The statements of a refresh and of an introspection, compiled once for each host. They are not static, because tests run hosts with
/// different providers in one process.
/// </summary>
internal sealed class AuthorizationQueries
{
    private readonly Func<AuthDbContext, Guid, Task<AuthorizationSnapshot?>> find = EF.CompileAsyncQuery((AuthDbContext context, Guid id) =>
        (from authorization in context.Authorizations
         join session in context.Sessions on authorization.SessionId equals session.Id
         join user in context.Users on session.UserId equals user.Id
         where authorization.Id == id
         select new AuthorizationSnapshot
         {
             Id = authorization.Id,
             ConcurrencyToken = authorization.ConcurrencyToken,
             Status = authorization.Status,
             Scopes = authorization.Scopes,
             Properties = authorization.Properties,
             Generation = authorization.Generation,
             RefreshedAt = authorization.RefreshedAt,
             ExpiresAt = authorization.RefreshExpiresAt,
             ClientId = authorization.Application!.ClientId!,
             SessionId = session.Id,
             EndedAt = session.EndedAt,
             AuthenticatedAt = authorization.AuthenticatedAt!.Value,
             Methods = authorization.Methods!,
             LastSeenAt = session.LastSeenAt,
             SessionExpiresAt = session.ExpiresAt,
             SecurityStamp = session.SecurityStamp,
             ImpersonatorId = session.ImpersonatorId,
             ImpersonatorSessionId = session.ImpersonatorSessionId,
             BrowserExpiresAt = session.BrowserExpiresAt,
             User = new User
             {
                 Id = user.Id,
                 UserName = user.UserName,
                 DisplayName = user.DisplayName,
                 Email = user.Email,
                 EmailConfirmed = user.EmailConfirmed,
                 DisabledAt = user.DisabledAt,
                 SecurityStamp = user.SecurityStamp,
             },
             Roles = (from held in context.UserRoles
                      join role in context.Roles on held.RoleId equals role.Id
                      where held.UserId == user.Id
                      select role.Name!).ToList(),
         }).SingleOrDefault());

    private readonly Func<AuthDbContext, Guid, string, Task<Row?>> standing = EF.CompileAsyncQuery(
        (AuthDbContext context, Guid id, string tokenId) =>
        (from authorization in context.Authorizations
         join session in context.Sessions on authorization.SessionId equals session.Id
         join user in context.Users on session.UserId equals user.Id
         where authorization.Id == id
         select new Row(
             authorization.Status,
             authorization.Properties,
             session.EndedAt != null || user.DisabledAt != null
                || session.SecurityStamp
                    != (session.ImpersonatorId == null ? user.SecurityStamp : Session.ImpersonatedStamp + user.SecurityStamp),
             context.RevokedTokens.Any(token => token.Id == tokenId),
             session.ImpersonatorId,
             session.ImpersonatorSessionId,
             session.UserId,
             session.BrowserExpiresAt)).SingleOrDefault());

    private readonly Func<AuthDbContext, string, Task<bool>> isRevoked = EF.CompileAsyncQuery((AuthDbContext context, string tokenId) =>
        context.RevokedTokens.Any(token => token.Id == tokenId));

    private sealed record Row(
        string? Status, string? Properties, bool HasEnded, bool IsRevoked, Guid? ImpersonatorId, Guid? ImpersonatorSessionId, Guid UserId,
        DateTimeOffset? BrowserExpiresAt)
    {
        public Impersonation? Impersonation => Impersonation.Of(ImpersonatorId, ImpersonatorSessionId, UserId, BrowserExpiresAt);
    }

    public Task<AuthorizationSnapshot?> FindAsync(AuthDbContext context, Guid authorization) => find(context, authorization);

    /// <summary>Reads whether an access token has been revoked or its sign-in has ended.</summary>
    /// <param name="tokenId">The token's <c>jti</c>.</param>
    public async Task<TokenStanding> StandingOfAsync(AuthDbContext context, string? tokenId)
    {
        if (!AccessTokenId.TryParse(tokenId, out var authorization))
        {
            return new TokenStanding(IsActive: false, null, null);
        }

        if (authorization == Guid.Empty)
        {
            return new TokenStanding(!await isRevoked(context, tokenId), null, null);
        }

        var row = await standing(context, authorization, tokenId);
        return new TokenStanding(row is { Status: Statuses.Valid, HasEnded: false, IsRevoked: false }, row?.Properties, row?.Impersonation);
    }
}

/// <param name="Properties">The authorization's: see <see cref="RequestedClaims"/>.</param>
/// <param name="Impersonation">Null for a sign-in of the user. Whether it may go on is for <see cref="ImpersonationCheck"/> to say.</param>
internal readonly record struct TokenStanding(bool IsActive, string? Properties, Impersonation? Impersonation);
