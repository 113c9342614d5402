using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// Redeems refresh tokens. The row of the authorization says which generation is the living one, and one conditional
/// update moves it on: of any number of requests with one token, on any number of nodes, one wins, and within the leeway
/// the others get what it got.
/// </summary>
internal sealed class Rotation(AuthDbContext context, FamilyQueries queries, TimeProvider time)
{
    public enum Outcome
    {
        /// <summary>The token is redeemed; its successor is new.</summary>
        Redeemed,

        /// <summary>It had been, within the leeway; its successor is the same as then.</summary>
        Repeated,

        /// <summary>It had been, before the leeway: it is in two hands (RFC 9700 4.14.2).</summary>
        Reused,

        /// <summary>The family has ended.</summary>
        Ended,
    }

    /// <param name="family">As read at the beginning of this request.</param>
    /// <param name="expiresAt">Until when the successor can be redeemed.</param>
    /// <returns>The successor where there is one.</returns>
    public async Task<(Outcome Outcome, RefreshToken Successor)> RedeemAsync(
        RefreshToken token, Family family, DateTimeOffset expiresAt, TimeSpan leeway, Origin origin, CancellationToken cancellationToken)
    {
        var mine = Guid.CreateVersion7().ToString();
        while (family.Generation == token.Generation)
        {
            if (!family.Issued(token))
            {
                return (Outcome.Ended, default);
            }

            var now = time.GetUtcNow();
            var successor = token.Generation + 1;
            var move = new Move(family, mine, now, expiresAt, Event(family, SessionEventKind.Refreshed, successor, now, origin));
            if (await TryMoveAsync(move, cancellationToken))
            {
                return (Outcome.Redeemed, new RefreshToken(token.Authorization, successor, now));
            }

            if (await queries.FindAsync(context, token.Authorization) is not { EndedAt: null, Status: Statuses.Valid } present)
            {
                return (Outcome.Ended, default);
            }

            family = present;

            // The connection broke at the commit, which was done all the same: this request has won.
            if (family.ConcurrencyToken == mine)
            {
                return (Outcome.Redeemed, family.Token);
            }
        }

        return await RepeatAsync(token, family, leeway, origin, cancellationToken);
    }

    private async Task<(Outcome, RefreshToken)> RepeatAsync(
        RefreshToken token, Family family, TimeSpan leeway, Origin origin, CancellationToken cancellationToken)
    {
        if (family.Generation < token.Generation)
        {
            // Of a future that the database does not know, as after a backup was restored.
            return (Outcome.Ended, default);
        }

        var successor = token.Generation + 1;
        var redeemedAt = successor == family.Generation
            ? family.RefreshedAt!.Value
            : await InstantOfAsync(family, successor, cancellationToken);
        var now = time.GetUtcNow();

        // No leeway is none also where this node's clock is behind that of the one that redeemed.
        if (leeway <= TimeSpan.Zero || redeemedAt + leeway <= now)
        {
            return (Outcome.Reused, default);
        }

        // Of the time that was lost when a backup was restored: what was issued under its number is another.
        var issuedAt = await InstantOfAsync(family, token.Generation, cancellationToken);
        if (issuedAt != default && issuedAt.ToUnixTimeSeconds() != token.IssuedAt.ToUnixTimeSeconds())
        {
            return (Outcome.Ended, default);
        }

        context.Add(Event(family, SessionEventKind.LeewayHit, successor, now, origin));
        await context.SaveChangesAsync(cancellationToken);

        // Revocation beats leeway, also one that came while this was under way.
        if (!await context.Authorizations.AnyAsync(row => row.Id == family.AuthorizationId && row.Status == Statuses.Valid, cancellationToken))
        {
            return (Outcome.Ended, default);
        }

        return (Outcome.Repeated, new RefreshToken(token.Authorization, successor, redeemedAt));
    }

    // The latest first: a session may have a hundred thousand.
    private Task<DateTimeOffset> InstantOfAsync(Family family, int generation, CancellationToken cancellationToken) =>
        context.SessionEvents
            .Where(entry => entry.SessionId == family.SessionId && entry.AuthorizationId == family.AuthorizationId
                && (entry.Kind == SessionEventKind.Refreshed || entry.Kind == SessionEventKind.Issued) && entry.Generation == generation)
            .OrderByDescending(entry => entry.At)
            .Select(entry => entry.At)
            .FirstOrDefaultAsync(cancellationToken);

    // One transaction: the redemption, the successor, the lineage and the session's last use.
    private Task<bool> TryMoveAsync(Move move, CancellationToken cancellationToken) =>
        context.Database.IsNpgsql() ? PostgresMove.TryAsync(context.Database, move, cancellationToken) : TrySaveAsync(move, cancellationToken);

    private async Task<bool> TrySaveAsync(Move move, CancellationToken cancellationToken)
    {
        context.ChangeTracker.Clear();
        var authorization = new Authorization { Id = move.Family.AuthorizationId, ConcurrencyToken = move.Family.ConcurrencyToken };
        context.Attach(authorization);
        authorization.ConcurrencyToken = move.ConcurrencyToken;
        authorization.Generation = move.Family.Generation + 1;
        authorization.RefreshedAt = move.At;
        authorization.RefreshExpiresAt = move.ExpiresAt;
        context.Add(move.Event);
        if (move.TouchesSession)
        {
            var session = Session.Stub(move.Family.SessionId);
            context.Attach(session);
            session.LastSeenAt = move.At;
            session.ExpiresAt = move.SessionExpiresAt;
        }

        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            context.ChangeTracker.Clear();
            return false;
        }
    }

    private static SessionEvent Event(Family family, SessionEventKind kind, int generation, DateTimeOffset at, Origin origin) => new()
    {
        SessionId = family.SessionId,
        AuthorizationId = family.AuthorizationId,
        At = at,
        Kind = kind,
        Generation = generation,
        Address = origin.Address,
    };
}
