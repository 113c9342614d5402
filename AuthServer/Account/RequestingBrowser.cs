using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>The app's request that was under way when a mail was asked for.</summary>
/// <param name="Browser">
/// The browser that began the request. Only there can it continue: in another browser, the app has no state for it.
/// </param>
internal sealed record ReturnTarget(string ReturnUrl, Guid Browser);

/// <summary>Recognizes the browser in which a mail was asked for, by a cookie.</summary>
internal sealed class RequestingBrowser(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private readonly ProtectedCookie<Mark> cookie = new("Asked", AccountLinks.Longest, protection, connect.Value, time);

    private sealed record Mark(Guid Id);

    /// <param name="returnUrl">The app's request; null if no app sent the person.</param>
    public ReturnTarget? Begin(HttpContext http, string? returnUrl)
    {
        if (returnUrl is null)
        {
            return null;
        }

        var mark = cookie.Get(http) ?? new Mark(Guid.CreateVersion7());
        cookie.Set(http, mark);
        return new ReturnTarget(returnUrl, mark.Id);
    }

    public bool HasBegun(HttpContext http, ReturnTarget begun) => cookie.Get(http)?.Id == begun.Browser;
}
