using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using AuthServer.Users;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Pruning;

/// <summary>The rows that may be deleted at an instant.</summary>
internal sealed class PruningDue(AuthDbContext context, DateTimeOffset now, TimeSpan retention, TimeSpan supportRetention)
{
    // Allows for clocks that differ. Nothing needs these rows once they have expired.
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private readonly DateTimeOffset oldest = now - retention;
    private readonly DateTimeOffset expiredBefore = now - Grace;
    private readonly DateTimeOffset oldestStep = now - supportRetention;

    public IQueryable<Session> Sessions => context.Sessions.Where(session => session.ExpiresAt < oldest);

    /// <summary>Sessions that are kept, but are old enough to have events that may be deleted.</summary>
    public IQueryable<Session> LongSessions =>
        context.Sessions.Where(session => session.CreatedAt < oldest && session.ExpiresAt >= oldest);

    /// <summary>All old events except those that record a client's first tokens: they are kept as long as the session.</summary>
    public IQueryable<SessionEvent> Events =>
        context.SessionEvents.Where(entry => entry.At < oldest && entry.Kind != SessionEventKind.Issued);

    public IQueryable<RevokedToken> RevokedTokens => context.RevokedTokens.Where(token => token.ExpiresAt < expiredBefore);

    public IQueryable<SpentValue> SpentValues => context.Set<SpentValue>().Where(value => value.ExpiresAt < expiredBefore);

    /// <summary>Counters whose last failure is so long ago that a new failure would start a new series.</summary>
    public IQueryable<SignInFailures> SignInFailures => context.Set<SignInFailures>().Where(failures => failures.LastAt < expiredBefore);

    public IQueryable<Token> Tokens
    {
        get
        {
            var before = expiredBefore.UtcDateTime;
            return context.Set<Token>().Where(token => token.ExpirationDate < before);
        }
    }

    public IQueryable<SupportStep> SupportSteps => context.Set<SupportStep>().Where(step => step.At < oldestStep);

    /// <summary>
    /// Authorizations without a session that are revoked or have no token. Permanent ones record the consent of users and are kept.
    /// </summary>
    public IQueryable<Authorization> Authorizations
    {
        get
        {
            var before = oldest.UtcDateTime;
            return context.Authorizations.Where(authorization =>
                authorization.SessionId == null
                && authorization.Type != AuthorizationTypes.Permanent
                && authorization.CreationDate < before
                && (authorization.Status != Statuses.Valid
                    || !context.Set<Token>().Any(token => token.Authorization!.Id == authorization.Id)));
        }
    }
}
