using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// Redeems codes and refresh tokens. Of several concurrent requests with the same code or token, on any number of nodes, exactly one
/// succeeds: a conditional update decides.
/// </summary>
internal sealed class Redeemer(AuthDbContext context, AuthorizationQueries queries)
{
    /// <returns>
    /// If another request was faster, the authorization as it is now, or null if it has ended.
    /// </returns>
    public async Task<(bool IsRedeemed, AuthorizationSnapshot? Present)> TryAsync(
        Redemption redemption, CancellationToken cancellationToken)
    {
        if (context.Database.IsNpgsql()
            ? await TryInPostgresAsync(redemption, cancellationToken)
            : await TrySaveAsync(redemption, cancellationToken))
        {
            return (true, null);
        }

        var present = await queries.FindAsync(context, redemption.Authorization.Id);

        // The connection may have broken after the commit. Then it was this request that redeemed.
        return present?.ConcurrencyToken == redemption.ConcurrencyToken ? (true, null)
            : present is { EndedAt: null, Status: Statuses.Valid } ? (false, present)
            : (false, null);
    }

    // One statement is one round trip, and a transaction by itself. EF's statements take two round trips and 50 % more CPU.
    private async Task<bool> TryInPostgresAsync(Redemption redemption, CancellationToken cancellationToken) =>
        await context.Database.ExecuteSqlAsync(
            $"""
            WITH redeemed AS (
                UPDATE "Authorizations"
                SET "ConcurrencyToken" = {redemption.ConcurrencyToken}, "Generation" = {redemption.Successor.Generation},
                    "RefreshedAt" = {redemption.At}, "RefreshExpiresAt" = {redemption.ExpiresAt}
                WHERE "Id" = {redemption.Authorization.Id}
                    AND "ConcurrencyToken" IS NOT DISTINCT FROM {redemption.Authorization.ConcurrencyToken}
                RETURNING 1),
            touched AS (
                UPDATE "Sessions"
                SET "LastSeenAt" = {redemption.At}, "ExpiresAt" = {redemption.SessionExpiresAt},
                    "Address" = CASE WHEN {redemption.Device is not null} THEN {redemption.Device?.Address} ELSE "Address" END,
                    "UserAgent" = CASE WHEN {redemption.Device is not null} THEN {redemption.Device?.UserAgent} ELSE "UserAgent" END
                WHERE {redemption.TouchesSession} AND "Id" = {redemption.Authorization.SessionId} AND EXISTS (SELECT FROM redeemed))
            INSERT INTO "SessionEvents" ("SessionId", "Id", "AuthorizationId", "At", "Kind", "Generation", "Address")
            SELECT {redemption.Event.SessionId}, {redemption.Event.Id}, {redemption.Event.AuthorizationId}, {redemption.Event.At},
                {redemption.Event.Kind.ToString()}, {redemption.Event.Generation}, {redemption.Event.Address}
            FROM redeemed
            """,
            cancellationToken) is 1;

    private async Task<bool> TrySaveAsync(Redemption redemption, CancellationToken cancellationToken)
    {
        context.ChangeTracker.Clear();
        var authorization = new Authorization
        {
            Id = redemption.Authorization.Id,
            ConcurrencyToken = redemption.Authorization.ConcurrencyToken,
        };
        context.Attach(authorization);
        authorization.ConcurrencyToken = redemption.ConcurrencyToken;
        authorization.RefreshedAt = redemption.At;
        authorization.RefreshExpiresAt = redemption.ExpiresAt;
        Write(authorization, row => row.Generation, redemption.Successor.Generation);
        context.Add(redemption.Event);
        if (redemption.TouchesSession)
        {
            TouchSession(redemption);
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

    private void TouchSession(Redemption redemption)
    {
        var session = Session.Stub(redemption.Authorization.SessionId);
        context.Attach(session);
        session.LastSeenAt = redemption.At;
        session.ExpiresAt = redemption.SessionExpiresAt;
        if (redemption.Device is { } device)
        {
            Write(session, row => row.Address, device.Address);
            Write(session, row => row.UserAgent, device.UserAgent);
        }
    }

    // The value is written even if it equals the stub's: EF alone would see no change.
    private void Write<TEntity, TValue>(TEntity row, System.Linq.Expressions.Expression<Func<TEntity, TValue>> property, TValue value)
        where TEntity : class
    {
        var entry = context.Entry(row).Property(property);
        entry.CurrentValue = value;
        entry.IsModified = true;
    }
}
