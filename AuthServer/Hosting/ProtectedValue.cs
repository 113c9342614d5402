using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Hosting;

/// <summary>
/// A value that leaves this server and comes back, as text that nobody else can read or change. It is valid for a limited time.
/// </summary>
internal sealed class ProtectedValue<T>(string purpose, TimeSpan lifetime, IDataProtectionProvider protection, TimeProvider time)
    where T : class
{
    private readonly IDataProtector protector = protection.CreateProtector(typeof(ProtectedValue<T>).Namespace!, purpose);

    private sealed record Envelope(DateTimeOffset Until, T Value);

    public TimeSpan Lifetime => lifetime;

    /// <returns>In base64url.</returns>
    public string Protect(T value) =>
        WebEncoders.Base64UrlEncode(
            protector.Protect(JsonSerializer.SerializeToUtf8Bytes(new Envelope(time.GetUtcNow() + lifetime, value))));

    /// <returns>Null if this server did not make the text, or if it is too old.</returns>
    public T? Unprotect(string? text)
    {
        try
        {
            return !string.IsNullOrEmpty(text)
                && JsonSerializer.Deserialize<Envelope>(protector.Unprotect(WebEncoders.Base64UrlDecode(text))) is { } envelope
                && envelope.Until > time.GetUtcNow() ? envelope.Value : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }
}
