using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AuthServer.Audit;

internal enum AuditField
{
    /// <summary>Its value is in the event.</summary>
    Plain,

    /// <summary>It names a person: its value is protected by the person's key.</summary>
    Personal,

    /// <summary>Its fingerprint is in the event.</summary>
    Secret,

    /// <summary>A change of this field alone is no event.</summary>
    Ignored,
}

/// <summary>Says what a change of one kind of entity means.</summary>
internal interface IAuditedEntity
{
    Type Type { get; }

    /// <summary>Every property, so that a test finds a new one that nobody has thought about.</summary>
    IReadOnlyDictionary<string, AuditField> Fields { get; }

    /// <summary>False if this change is recorded elsewhere, or is no change of meaning.</summary>
    bool Concerns(EntityEntry entry);

    /// <param name="before">The values in the database; null for a new entity.</param>
    /// <returns>Null if only ignored fields have changed.</returns>
    AuditFact? Describe(EntityEntry entry, PropertyValues? before);
}

/// <inheritdoc cref="IAuditedEntity"/>
internal abstract class AuditedEntity<TEntity> : IAuditedEntity
    where TEntity : class
{
    private const int LongestValue = 2000;

    public Type Type => typeof(TEntity);

    public abstract IReadOnlyDictionary<string, AuditField> Fields { get; }

    protected abstract AuditTarget TargetOf(EntityEntry<TEntity> entry);

    /// <param name="changed">The names of the changed properties that are not ignored.</param>
    protected abstract string ActionOf(EntityEntry<TEntity> entry, IReadOnlySet<string> changed);

    public bool Concerns(EntityEntry entry) => Concerns(entry.Context.Entry((TEntity)entry.Entity));

    protected virtual bool Concerns(EntityEntry<TEntity> entry) => true;

    public AuditFact? Describe(EntityEntry entry, PropertyValues? before)
    {
        var (plain, personal) = (new SortedDictionary<string, AuditChange>(StringComparer.Ordinal),
            new SortedDictionary<string, AuditChange>(StringComparer.Ordinal));
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, field) in Fields.Where(field => field.Value is not AuditField.Ignored))
        {
            var (old, now) = (
                Text(before?[name]),
                entry.State is EntityState.Deleted ? null : Text(entry.Property(name).CurrentValue));
            if (old == now)
            {
                continue;
            }

            changed.Add(name);
            var key = char.ToLowerInvariant(name[0]) + name[1..];
            (field is AuditField.Personal ? personal : plain)[key] = field is AuditField.Secret
                ? new(old is null ? null : AuditTrail.Fingerprint(old), now is null ? null : AuditTrail.Fingerprint(now))
                : new(Cut(old), Cut(now));
        }

        if (changed.Count is 0 && entry.State is EntityState.Modified)
        {
            return null;
        }

        var typed = entry.Context.Entry((TEntity)entry.Entity);
        return Complete(typed, new AuditFact(ActionOf(typed, changed), TargetOf(typed)) { Changes = plain, PersonalChanges = personal });
    }

    protected virtual AuditFact Complete(EntityEntry<TEntity> entry, AuditFact fact) => fact;

    private static string? Text(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag ? "true" : "false",
        DateTimeOffset instant => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string? Cut(string? value) =>
        value?.Length > LongestValue ? $"{value[..LongestValue]}… {AuditTrail.Fingerprint(value)}" : value;
}
