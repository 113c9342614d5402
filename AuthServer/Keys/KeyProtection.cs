using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace AuthServer.Keys;

/// <summary>Protects the material of the keys in the database.</summary>
internal sealed class KeyProtection(IDataProtectionProvider protection, IKeyManager keys)
{
    public IDataProtector Protector { get; } = protection.CreateProtector("AuthServer.Keys");

    /// <summary>
    /// Must be called before anything is protected. If Data Protection cannot decrypt the keys of its ring, it adds a new one, which every
    /// node would then use. Without a certificate, that key would lie in the database unencrypted.
    /// </summary>
    /// <exception cref="CryptographicException">The keys of the ring are protected by another certificate.</exception>
    public void Open()
    {
        foreach (var key in keys.GetAllKeys())
        {
            _ = key.Descriptor;
        }
    }
}
