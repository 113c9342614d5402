using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Sessions;
using AuthServer.Users;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Pruning;

/// <summary>What may go at an instant.</summary>
internal sealed class PruningDue(AuthDbContext context, DateTimeOffset now, TimeSpan retention)
{
    // For clocks that differ; nobody asks about these once they have expired.
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private readonly DateTimeOffset oldest = now - retention;
    private readonly DateTimeOffset expiredBefore = now - Grace;

    public IQueryable<Session> Sessions => context.Sessions.Where(session => session.ExpiresAt < oldest);

    /// <summary>Those that are kept and old enough to have lineage that is not.</summary>
    public IQueryable<Session> LongSessions =>
        context.Sessions.Where(session => session.CreatedAt < oldest && session.ExpiresAt >= oldest);

    /// <summary>How each client came into the session stays as long as the session.</summary>
    public IQueryable<SessionEvent> Events =>
        context.SessionEvents.Where(entry => entry.At < oldest && entry.Kind != SessionEventKind.Issued);

    public IQueryable<RevokedToken> RevokedTokens => context.RevokedTokens.Where(token => token.ExpiresAt < expiredBefore);

    public IQueryable<SpentValue> SpentValues => context.Set<SpentValue>().Where(value => value.ExpiresAt < expiredBefore);

    /// <summary>Long enough ago that they are no longer in a row.</summary>
    public IQueryable<SignInFailures> SignInFailures => context.Set<SignInFailures>().Where(failures => failures.LastAt < expiredBefore);

    public IQueryable<Token> Tokens
    {
        get
        {
            var before = expiredBefore.UtcDateTime;
            return context.Set<Token>().Where(token => token.ExpirationDate < before);
        }
    }

    /// <summary>Of no session, and ended or with nothing on them. Permanent ones are what people have consented to.</summary>
    public IQueryable<Authorization> Authorizations
    {
        get
        {
            var before = oldest.UtcDateTime;
            return context.Authorizations.Where(authorization =>
                authorization.SessionId == null
                && authorization.Type != AuthorizationTypes.Permanent
                && authorization.CreationDate < before
                && (authorization.Status != Statuses.Valid || !context.Set<Token>().Any(token => token.Authorization!.Id == authorization.Id)));
        }
    }
}
