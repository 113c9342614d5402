using System.Linq.Expressions;

namespace AuthServer.Keys;

/// <summary>A key of the database without its material: cheap to read every few seconds.</summary>
internal sealed record KeyEntry(
    Guid Id,
    string Algorithm,
    int Generation,
    string KeyId,
    DateTimeOffset CreatedAt,
    DateTimeOffset ActiveFrom,
    DateTimeOffset? RevokedAt,
    TimeSpan LongestLifetime)
{
    public static readonly Expression<Func<StoredKey, KeyEntry>> OfRow = key => new KeyEntry(
        key.Id, key.Algorithm, key.Generation, key.KeyId, key.CreatedAt, key.ActiveFrom, key.RevokedAt, key.LongestLifetime);
}
