using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Audit;

/// <summary>
/// Writes the events of the changes that a context saves, in the same transaction. So no path to such a change can forget them: a
/// page, the protocol, a command, the platform file, or a library. <see cref="AuditTrail"/> is for changes that bypass the context.
/// </summary>
internal sealed class AuditInterceptor(
    IEnumerable<IAuditedEntity> entities, IEnumerable<IAuditListener> listeners, IDataProtectionProvider protection, TimeProvider time)
    : SaveChangesInterceptor
{
    private readonly Dictionary<Type, IAuditedEntity> known = entities.ToDictionary(entity => entity.Type);

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var context = (AuthDbContext)eventData.Context!;
        List<EntityEntry>? changes = null;
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Unchanged or EntityState.Detached)
                && (entry.Entity is AuditEvent or PersonKey || IsAudited(entry)))
            {
                (changes ??= []).Add(entry);
            }
        }

        if (changes is not null)
        {
            await RecordAsync(context, changes, cancellationToken);
        }

        return result;
    }

    // Data Protection saves its own keys this way. An audited entity cannot be: its event may need a query.
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        eventData.Context!.ChangeTracker.Entries().Any(entry => entry.State is not EntityState.Unchanged && IsAudited(entry))
            ? throw new InvalidOperationException("An audited entity has to be saved with SaveChangesAsync.")
            : result;

    private bool IsAudited(EntityEntry entry) => known.TryGetValue(entry.Metadata.ClrType, out var audited) && audited.Concerns(entry);

    private async Task RecordAsync(AuthDbContext context, List<EntityEntry> changes, CancellationToken cancellationToken)
    {
        // An earlier save that failed has added these rows. The caller may have given up its change since.
        foreach (var entry in changes.Where(entry => entry.Entity is PersonKey or AuditEvent { IsDerived: true }))
        {
            entry.State = EntityState.Detached;
        }

        foreach (var entry in changes.Where(entry => entry.Entity is not (PersonKey or AuditEvent)))
        {
            var before = await BeforeAsync(entry, cancellationToken);
            if (known[entry.Metadata.ClrType].Describe(entry, before) is { } fact)
            {
                context.Record(fact).IsDerived = true;
            }
        }

        var events = context.ChangeTracker.Entries<AuditEvent>().Where(entry => entry.State is EntityState.Added)
            .Select(entry => entry.Entity).ToList();
        var keys = new PersonKeys(context, protection);
        foreach (var entry in events)
        {
            entry.At = entry.At == default ? time.GetUtcNow() : entry.At;
            if (entry is { ErasesPerson: true, PersonId: { } erased })
            {
                await keys.RemoveAsync(erased, cancellationToken);
            }
        }

        var personal = events.Where(entry => entry is { Personal: not null, Encrypted: null }).ToList();
        if (personal.Count > 0 || events.Exists(entry => entry.CreatesPerson))
        {
            await keys.OpenAsync(PeopleOf(personal), PeopleOf(events.Where(entry => entry.CreatesPerson)), cancellationToken);
            foreach (var entry in personal)
            {
                entry.Encrypted = keys.Encrypt(entry.PersonId!.Value, entry.Personal!);
            }
        }

        foreach (var listener in listeners)
        {
            await listener.SavingAsync(context, events, cancellationToken);
        }
    }

    private static List<Guid> PeopleOf(IEnumerable<AuditEvent> events) => [.. events.Select(entry => entry.PersonId!.Value).Distinct()];

    // Not what the context remembers: an entity that was attached after it was changed, as OpenIddict's clients are, has forgotten it.
    private static async Task<PropertyValues?> BeforeAsync(EntityEntry entry, CancellationToken cancellationToken) =>
        entry.State is EntityState.Added ? null : await entry.GetDatabaseValuesAsync(cancellationToken) ?? entry.OriginalValues;
}
