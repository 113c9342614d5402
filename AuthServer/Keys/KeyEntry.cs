using System.Linq.Expressions;

namespace AuthServer.Keys;

/// <summary>What the database says of a key, without its material: cheap to ask for every few seconds.</summary>
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
