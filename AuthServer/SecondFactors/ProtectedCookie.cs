using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Connect;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.SecondFactors;

/// <summary>A value that the browser keeps for this server and can neither read nor change.</summary>
internal sealed class ProtectedCookie<T>(string name, TimeSpan lifetime, IDataProtectionProvider protection, ConnectOptions connect, TimeProvider time)
    where T : class
{
    private readonly IDataProtector protector = protection.CreateProtector("Cookie", name);
    private readonly string name = BrowserCookie.NameOf(name, connect);

    private sealed record Envelope(DateTimeOffset Until, T Value);

    public void Set(HttpContext http, T value)
    {
        var text = protector.Protect(JsonSerializer.Serialize(new Envelope(time.GetUtcNow() + lifetime, value)));
        http.Response.Cookies.Append(name, text, Options(lifetime));
    }

    public T? Get(HttpContext http)
    {
        if (http.Request.Cookies[name] is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Envelope>(protector.Unprotect(text)) is { } envelope && envelope.Until > time.GetUtcNow() ? envelope.Value : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }

    public void Clear(HttpContext http) => http.Response.Cookies.Delete(name, Options(null));

    private CookieOptions Options(TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        Secure = BrowserCookie.PolicyOf(connect) is CookieSecurePolicy.Always,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = maxAge,
    };
}
