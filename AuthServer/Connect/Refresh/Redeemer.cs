using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
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
        if (context is PostgresAuthDbContext
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
                SET "LastSeenAt" = {redemption.At}, "ExpiresAt" = GREATEST("ExpiresAt", {redemption.KeptUntil}),
                    "Address" = CASE WHEN {redemption.Device is not null} THEN {redemption.Device?.Address} ELSE "Address" END,
                    "UserAgent" = CASE WHEN {redemption.Device is not null} THEN {redemption.Device?.UserAgent} ELSE "UserAgent" END
                WHERE {redemption.TouchesSession} AND "Id" = {redemption.Authorization.SessionId} AND EXISTS (SELECT FROM redeemed))
            INSERT INTO "SessionEvents" ("SessionId", "Id", "AuthorizationId", "At", "Kind", "Generation", "Address")
            SELECT {redemption.Event.SessionId}, {redemption.Event.Id}, {redemption.Event.AuthorizationId}, {redemption.Event.At},
                {redemption.Event.Kind.ToString()}, {redemption.Event.Generation}, {redemption.Event.Address}
            FROM redeemed
            """,
            cancellationToken) is 1;

    private Task<bool> TrySaveAsync(Redemption redemption, CancellationToken cancellationToken) => redemption.TouchesSession
        ? context.Database.CreateExecutionStrategy().ExecuteAsync(token => TrySaveWithSessionAsync(redemption, token), cancellationToken)
        : TrySaveAuthorizationAsync(redemption, cancellationToken);

    private async Task<bool> TrySaveWithSessionAsync(Redemption redemption, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!await TrySaveAuthorizationAsync(redemption, cancellationToken))
        {
            return false;
        }

        // Another request may have prolonged the session since it was read.
        var (at, until) = (redemption.At, redemption.KeptUntil);
        await context.Sessions.Where(row => row.Id == redemption.Authorization.SessionId).ExecuteUpdateAsync(
            set =>
            {
                set.SetProperty(row => row.LastSeenAt, at)
                    .SetProperty(row => row.ExpiresAt, row => row.ExpiresAt < until ? until : row.ExpiresAt);
                if (redemption.Device is { } device)
                {
                    set.SetProperty(row => row.Address, device.Address).SetProperty(row => row.UserAgent, device.UserAgent);
                }
            },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<bool> TrySaveAuthorizationAsync(Redemption redemption, CancellationToken cancellationToken)
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
        authorization.Generation = redemption.Successor.Generation;

        // A generation of 0 equals the stub's: EF would see no change.
        context.Entry(authorization).Property(row => row.Generation).IsModified = true;
        context.Add(redemption.Event);
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
}

/// <summary>
/// One step of an authorization: a code or a refresh token is redeemed for the next refresh token. <see cref="Redeemer"/> writes it only if
/// nobody has changed the authorization since it was read.
/// </summary>
/// <param name="Successor">The refresh token issued in exchange. Its generation is 0 if the client gets none.</param>
/// <param name="ExpiresAt">Until when the successor can be redeemed.</param>
/// <param name="Event">Written in the same transaction.</param>
internal sealed record Redemption(AuthorizationSnapshot Authorization, RefreshToken Successor, DateTimeOffset ExpiresAt, SessionEvent Event)
{
    /// <summary>The authorization's concurrency token after the redemption.</summary>
    public string ConcurrencyToken { get; } = Guid.CreateVersion7().ToString();

    /// <summary>Until when the session is kept at least.</summary>
    public DateTimeOffset KeptUntil { get; init; } = ExpiresAt;

    /// <summary>Set for a device: a browser elsewhere began the session, and the device continues it.</summary>
    public RequestSource? Device { get; init; }

    public DateTimeOffset At => Successor.IssuedAt;

    /// <summary>True if the session's row has to be written too.</summary>
    public bool TouchesSession =>
        Device is not null || Authorization.LastSeenAt + Session.LastSeenStep <= At || Authorization.SessionExpiresAt < KeptUntil;
}
