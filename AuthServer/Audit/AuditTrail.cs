using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Audit;

/// <summary>
/// Adds events to the context of a change, so that the change and its event are one transaction. Changes of an
/// <see cref="AuditedEntity{TEntity}"/> that are saved through the context need no call: <see cref="AuditInterceptor"/> sees them.
/// Everything else does, above all <c>ExecuteUpdate</c> and <c>ExecuteDelete</c>.
/// </summary>
internal static class AuditTrail
{
    /// <summary>The caller saves the context.</summary>
    public static AuditEvent Record(this AuthDbContext context, AuditFact fact)
    {
        var actor = context.Actor;
        var (kind, id) = fact is { IsOwnAct: true, Target.Person: { } self }
            ? (AuditActorKind.Person, self.ToString())
            : (actor?.Kind ?? AuditActorKind.System, actor?.Id);
        var isHidden = fact.HidesSource || kind is AuditActorKind.Client;
        var person = fact.Target.Person ?? (kind is AuditActorKind.Person && Guid.TryParse(id, out var known) ? known : null);
        var personal = new PersonalDetails
        {
            Address = isHidden ? null : actor?.Address,
            UserAgent = isHidden ? null : actor?.UserAgent,
            Changes = fact.PersonalChanges is { Count: > 0 } changes ? changes : null,
        };
        return context.Add(new AuditEvent
        {
            Id = fact.Id ?? Guid.CreateVersion7(),
            ActorKind = kind.ToString(),
            ActorId = id,
            SessionId = id == actor?.Id ? actor?.SessionId : null,
            Action = fact.Action,
            TargetKind = fact.Target.Kind,
            TargetId = fact.Target.Id,
            IsRefused = fact.IsRefused,
            Reason = fact.Reason ?? actor?.Cause,
            TraceId = fact.TraceId ?? Activity.Current?.TraceId.ToString(),
            Changes = fact.Changes is { Count: > 0 } plain
                ? JsonSerializer.Serialize(plain, PersonalJson.Default.IReadOnlyDictionaryStringAuditChange)
                : null,
            PersonId = person,
            Personal = person is null || fact.ErasesPerson || personal == PersonalDetails.Nothing ? null : personal,
            CreatesPerson = fact.CreatesPerson,
            ErasesPerson = fact.ErasesPerson,
            Address = person is null && kind is AuditActorKind.Person && !isHidden ? actor?.Address : null,
        }).Entity;
    }

    /// <summary>
    /// Carries out a change that bypasses the context, and records it if it changed a row, in one transaction. It joins the caller's
    /// transaction, if there is one. Nothing else may wait in the context to be saved.
    /// </summary>
    /// <param name="change">Returns the number of changed rows.</param>
    /// <returns>The number of changed rows.</returns>
    public static async Task<int> RecordAsync(
        this AuthDbContext context, Func<CancellationToken, Task<int>> change, AuditFact fact, CancellationToken cancellationToken)
    {
        if (context.Database.CurrentTransaction is not null)
        {
            return await ChangeAsync(cancellationToken);
        }

        return await context.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(token);
                var changed = await ChangeAsync(token);
                await transaction.CommitAsync(token);
                return changed;
            },
            cancellationToken);

        async Task<int> ChangeAsync(CancellationToken token)
        {
            var changed = await change(token);
            if (changed > 0)
            {
                var entry = context.Record(fact);
                try
                {
                    await context.SaveChangesAsync(token);
                }
                finally
                {
                    context.Entry(entry).State = EntityState.Detached;
                }
            }

            return changed;
        }
    }

    /// <summary>Enough to compare two secrets, not enough to guess one: the first 8 bytes of their SHA-256.</summary>
    public static string Fingerprint(string secret) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan(0, 8));
}
