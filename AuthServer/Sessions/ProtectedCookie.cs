using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Sessions;

/// <summary>A <see cref="ProtectedValue{T}"/> that the browser keeps as a cookie.</summary>
internal sealed class ProtectedCookie<T>(
    string name, TimeSpan lifetime, IDataProtectionProvider protection, ConnectOptions connect, TimeProvider time)
    where T : class
{
    private readonly ProtectedValue<T> values = new("Cookie." + name, lifetime, protection, time);
    private readonly string name = BrowserCookie.NameOf(name, connect);

    public void Set(HttpContext http, T value) => http.Response.Cookies.Append(name, values.Protect(value), Options(lifetime));

    public T? Get(HttpContext http) => values.Unprotect(http.Request.Cookies[name]);

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
