using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// The move in one statement and so in one round trip, which is a transaction by itself; what EF makes of it takes two
/// and half as much again.
/// </summary>
internal static class PostgresMove
{
    /// <returns>Whether the family was as it had been read.</returns>
    public static async Task<bool> TryAsync(DatabaseFacade database, Move move, CancellationToken cancellationToken) =>
        await database.ExecuteSqlAsync(
            $"""
            WITH moved AS (
                UPDATE "Authorizations"
                SET "ConcurrencyToken" = {move.ConcurrencyToken}, "Generation" = {move.Event.Generation},
                    "RefreshedAt" = {move.At}, "RefreshExpiresAt" = {move.ExpiresAt}
                WHERE "Id" = {move.Family.AuthorizationId} AND "ConcurrencyToken" IS NOT DISTINCT FROM {move.Family.ConcurrencyToken}
                RETURNING 1),
            seen AS (
                UPDATE "Sessions" SET "LastSeenAt" = {move.At}, "ExpiresAt" = {move.SessionExpiresAt}
                WHERE {move.TouchesSession} AND "Id" = {move.Family.SessionId} AND EXISTS (SELECT FROM moved))
            INSERT INTO "SessionEvents" ("SessionId", "Id", "AuthorizationId", "At", "Kind", "Generation", "Address")
            SELECT {move.Event.SessionId}, {move.Event.Id}, {move.Event.AuthorizationId}, {move.Event.At},
                {move.Event.Kind.ToString()}, {move.Event.Generation}, {move.Event.Address}
            FROM moved
            """,
            cancellationToken) is 1;
}
