using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>What an app had begun when a mail was asked for.</summary>
/// <param name="Browser">The one that can go on with it: in another the app would know of nothing.</param>
internal sealed record BegunSignIn(string ReturnUrl, Guid Browser);

/// <summary>Knows again the browser in which a mail was asked for.</summary>
internal sealed class AskingBrowser(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private readonly ProtectedCookie<Mark> cookie = new("Asked", AccountLinks.Longest, protection, connect.Value, time);

    private sealed record Mark(Guid Id);

    /// <param name="returnUrl">The app's request, if it was one that sent the person.</param>
    public BegunSignIn? Begin(HttpContext http, string? returnUrl)
    {
        if (returnUrl is null)
        {
            return null;
        }

        var mark = cookie.Get(http) ?? new Mark(Guid.CreateVersion7());
        cookie.Set(http, mark);
        return new BegunSignIn(returnUrl, mark.Id);
    }

    public bool HasBegun(HttpContext http, BegunSignIn begun) => cookie.Get(http)?.Id == begun.Browser;
}
