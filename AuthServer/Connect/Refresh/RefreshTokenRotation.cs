using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// Redeems a refresh token for its successor (RFC 9700 4.14.2). Requests with the same token that come together or within
/// the leeway get the same successor; a later repetition is reuse. With a leeway of 0, every repetition is.
/// </summary>
internal sealed class RefreshTokenRotation(AuthDbContext context, Redeemer redeemer, TimeProvider time)
{
    public enum Outcome
    {
        /// <summary>This request has redeemed the token.</summary>
        Redeemed,

        /// <summary>Redeemed before, but within the leeway: the request gets the same successor.</summary>
        Repeated,

        /// <summary>Redeemed longer ago than the leeway: the token was stolen or duplicated (RFC 9700 4.14.2).</summary>
        Reused,

        /// <summary>The authorization has ended.</summary>
        Ended,
    }

    /// <param name="authorization">As read at the beginning of this request.</param>
    /// <param name="expiresAt">Until when the successor can be redeemed.</param>
    /// <returns>The successor, for the first two outcomes.</returns>
    public async Task<(Outcome Outcome, RefreshToken Successor)> RedeemAsync(
        RefreshToken token,
        AuthorizationSnapshot authorization,
        DateTimeOffset expiresAt,
        TimeSpan leeway,
        RequestSource source,
        CancellationToken cancellationToken)
    {
        while (authorization.Generation == token.Generation)
        {
            if (!authorization.Issued(token))
            {
                return (Outcome.Ended, default);
            }

            var successor = new RefreshToken(authorization.Id, token.Generation + 1, time.GetUtcNow());
            var refreshed = authorization.EventOf(SessionEventKind.Refreshed, successor.Generation, successor.IssuedAt, source);
            var redemption = new Redemption(authorization, successor, expiresAt, refreshed);
            var (isRedeemed, present) = await redeemer.TryAsync(redemption, cancellationToken);
            if (isRedeemed)
            {
                return (Outcome.Redeemed, successor);
            }

            if (present is null)
            {
                return (Outcome.Ended, default);
            }

            authorization = present;
        }

        return await RepeatAsync(token, authorization, leeway, source, cancellationToken);
    }

    private async Task<(Outcome, RefreshToken)> RepeatAsync(
        RefreshToken token, AuthorizationSnapshot authorization, TimeSpan leeway, RequestSource source, CancellationToken cancellationToken)
    {
        if (authorization.Generation < token.Generation)
        {
            // The database was restored from a backup that is older than this token.
            return (Outcome.Ended, default);
        }

        var successor = token.Generation + 1;
        var redeemedAt = successor == authorization.Generation
            ? authorization.RefreshedAt!.Value
            : await IssuedAtAsync(authorization, successor, cancellationToken);
        var now = time.GetUtcNow();

        // A zero leeway refuses even if this node's clock lags behind the redeeming node's.
        if (leeway <= TimeSpan.Zero || redeemedAt + leeway <= now)
        {
            return (Outcome.Reused, default);
        }

        // After a restored backup, another token may have been issued under the same number.
        var issuedAt = await IssuedAtAsync(authorization, token.Generation, cancellationToken);
        if (issuedAt != default && issuedAt.ToUnixTimeSeconds() != token.IssuedAt.ToUnixTimeSeconds())
        {
            return (Outcome.Ended, default);
        }

        context.Add(authorization.EventOf(SessionEventKind.LeewayHit, successor, now, source));
        await context.SaveChangesAsync(cancellationToken);

        // A revocation beats the leeway, even one that was committed during this request.
        if (!await context.Authorizations.AnyAsync(row => row.Id == authorization.Id && row.Status == Statuses.Valid, cancellationToken))
        {
            return (Outcome.Ended, default);
        }

        return (Outcome.Repeated, new RefreshToken(authorization.Id, successor, redeemedAt));
    }

    // The latest first: a session may have a hundred thousand events.
    private Task<DateTimeOffset> IssuedAtAsync(AuthorizationSnapshot authorization, int generation, CancellationToken cancellationToken) =>
        context.SessionEvents
            .Where(entry => entry.SessionId == authorization.SessionId && entry.AuthorizationId == authorization.Id
                && (entry.Kind == SessionEventKind.Refreshed || entry.Kind == SessionEventKind.Issued) && entry.Generation == generation)
            .OrderByDescending(entry => entry.At)
            .Select(entry => entry.At)
            .FirstOrDefaultAsync(cancellationToken);
}
