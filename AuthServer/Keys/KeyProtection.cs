using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace AuthServer.Keys;

/// <summary>What protects the material of the keys in the database.</summary>
internal sealed class KeyProtection(IDataProtectionProvider protection, IKeyManager keys)
{
    public IDataProtector Protector { get; } = protection.CreateProtector("AuthServer.Keys");

    /// <summary>
    /// To be called before anything is protected: Data Protection meets keys that it cannot open by adding one of its own,
    /// which every node would then use: with no certificate, one that lies there in the clear.
    /// </summary>
    /// <exception cref="CryptographicException">They are protected by another certificate.</exception>
    public void Open()
    {
        foreach (var key in keys.GetAllKeys())
        {
            _ = key.Descriptor;
        }
    }
}
