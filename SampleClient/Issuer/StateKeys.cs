using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Client;
using SampleClient.App;

namespace SampleClient.Issuer;

/// <summary>
/// This app's own keys that encrypt and sign <c>state</c> on its way through the browser. The state contains the return address,
/// the nonce and the PKCE verifier. The keys are stored, so that a sign-in under way survives a restart.
/// </summary>
internal sealed class StateKeys(DataDirectory data, IDataProtectionProvider protection) : IConfigureOptions<OpenIddictClientOptions>
{
    // Lazy, because the options are created more than once and concurrently, but the file must be created once.
    private readonly Lazy<byte[]> secret = new(() =>
        ReadOrCreate(Path.Combine(data.Keys.FullName, "state.key"), protection.CreateProtector("SampleClient.State.v1")));

    public void Configure(OpenIddictClientOptions client)
    {
        client.EncryptionCredentials.Add(
            new EncryptingCredentials(Key("encryption"), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        client.SigningCredentials.Add(new SigningCredentials(Key("signature"), SecurityAlgorithms.HmacSha256));
    }

    private static byte[] ReadOrCreate(string path, IDataProtector protector)
    {
        try
        {
            return protector.Unprotect(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is FileNotFoundException or CryptographicException)
        {
            // The first start, or the key ring was replaced.
            var created = RandomNumberGenerator.GetBytes(32);
            File.WriteAllBytes(path + ".new", protector.Protect(created));
            File.Move(path + ".new", path, overwrite: true);
            return created;
        }
    }

    private SymmetricSecurityKey Key(string purpose) =>
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Value, 32, info: Encoding.UTF8.GetBytes(purpose))) { KeyId = purpose };
}
