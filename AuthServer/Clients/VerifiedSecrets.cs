using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Clients;

/// <summary>
/// Remembers client secrets that were right, as a MAC over secret and stored hash. The secret cannot be recovered from it, and a new stored
/// hash makes it worthless. Wrong secrets are not remembered, so each one costs an attacker the full check.
/// </summary>
internal sealed class VerifiedSecrets
{
    private const int Most = 10_000;

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<UInt128, bool> known = new();

    public UInt128 KeyOf(string secret, string storedHash) =>
        BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{storedHash}\0{secret}")));

    public bool Contains(UInt128 secret) => known.ContainsKey(secret);

    public void Add(UInt128 secret)
    {
        if (known.Count >= Most)
        {
            known.Clear();
        }

        known[secret] = true;
    }
}
