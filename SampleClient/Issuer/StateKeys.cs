using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Client;
using SampleClient.App;

namespace SampleClient.Issuer;

/// <summary>
/// The keys of this app's own that <c>state</c> is encrypted and signed with on its way through the browser: the return
/// address, the nonce and the PKCE verifier are in it. Kept, so that a sign-in under way survives a restart.
/// </summary>
internal sealed class StateKeys(DataDirectory data, IDataProtectionProvider protection) : IConfigureOptions<OpenIddictClientOptions>
{
    private readonly IDataProtector _protector = protection.CreateProtector("SampleClient.State.v1");

    public void Configure(OpenIddictClientOptions client)
    {
        var secret = ReadOrCreate(new FileInfo(Path.Combine(data.Keys.FullName, "state.key")));
        client.EncryptionCredentials.Add(new EncryptingCredentials(Key(secret, "encryption"), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        client.SigningCredentials.Add(new SigningCredentials(Key(secret, "signature"), SecurityAlgorithms.HmacSha256));
    }

    private byte[] ReadOrCreate(FileInfo file)
    {
        try
        {
            return _protector.Unprotect(File.ReadAllBytes(file.FullName));
        }
        catch (Exception exception) when (exception is FileNotFoundException or CryptographicException)
        {
            // The first start, or the key ring was replaced.
            var secret = RandomNumberGenerator.GetBytes(32);
            File.WriteAllBytes(file.FullName, _protector.Protect(secret));
            return secret;
        }
    }

    private static SymmetricSecurityKey Key(byte[] secret, string purpose)
        => new(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: System.Text.Encoding.UTF8.GetBytes(purpose))) { KeyId = purpose };
}
