using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Audit;

namespace AuthServer.AuditSeals;

/// <summary>
/// The hashes of the audit. They need nothing but the rows, so an export can be verified anywhere. docs/audit.md describes the format, for
/// programs of others.
/// </summary>
internal static class AuditChain
{
    /// <summary>The hash before the first link.</summary>
    public static readonly byte[] Start = new byte[SHA256.HashSizeInBytes];

    private const string StatementName = "authserver-audit-1";

    /// <summary>
    /// SHA-256 of the event's fields in their order. Each is its length in 4 bytes (big endian) and its bytes; a missing one has the length
    /// 0xFFFFFFFF. Texts are UTF-8, ids are lower case with hyphens, times are milliseconds since 1970 in decimal.
    /// </summary>
    public static byte[] LeafOf(AuditEvent entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, entry.Id.ToString());
        Add(hash, Time(entry.At));
        Add(hash, entry.ActorKind);
        Add(hash, entry.ActorId);
        Add(hash, entry.SessionId?.ToString());
        Add(hash, entry.Action);
        Add(hash, entry.TargetKind);
        Add(hash, entry.TargetId);
        Add(hash, entry.Outcome);
        Add(hash, entry.Reason);
        Add(hash, entry.TraceId);
        Add(hash, entry.Changes);
        Add(hash, entry.PersonId?.ToString());
        Add(hash, entry.Encrypted);
        Add(hash, entry.Address);
        return hash.GetHashAndReset();
    }

    /// <summary>
    /// SHA-256 of the hash before, the sequence (8 bytes, big endian), and class, time and leaf in the form of a leaf's fields.
    /// </summary>
    public static byte[] HashOf(byte[] before, AuditSeal seal)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Span<byte> sequence = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(sequence, seal.Sequence);
        hash.AppendData(sequence);
        Add(hash, seal.Class);
        Add(hash, Time(seal.At));
        Add(hash, seal.Leaf);
        return hash.GetHashAndReset();
    }

    /// <summary>The text that a checkpoint signs: its fields, one a line.</summary>
    public static byte[] Statement(AuditCheckpoint checkpoint) => Encoding.UTF8.GetBytes(string.Join('\n',
        StatementName,
        checkpoint.Sequence.ToString(CultureInfo.InvariantCulture),
        Convert.ToHexStringLower(checkpoint.Hash),
        Time(checkpoint.At),
        checkpoint.PrunedClass ?? "",
        checkpoint.PrunedBefore is { } before ? Time(before) : "",
        checkpoint.KeyId));

    // Milliseconds: the databases keep instants in different precision.
    private static string Time(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static void Add(IncrementalHash hash, string? field) => Add(hash, field is null ? null : Encoding.UTF8.GetBytes(field));

    private static void Add(IncrementalHash hash, byte[]? field)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, field is null ? uint.MaxValue : (uint)field.Length);
        hash.AppendData(length);
        if (field is not null)
        {
            hash.AppendData(field);
        }
    }
}
