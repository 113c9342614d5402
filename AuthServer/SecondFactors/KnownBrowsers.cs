using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>
/// Knows which people have signed in in a browser before. For anybody else, the browser is a new device, and its wrong passwords are
/// counted together with those of strangers.
/// </summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private const int MostPeople = 10;

    // Browsers keep no cookie longer (RFC 6265bis 5.5).
    private readonly ProtectedCookie<KnownBrowser> cookie = new("Known", TimeSpan.FromDays(400), protection, connect.Value, time);

    /// <returns>Null if nobody has signed in in this browser.</returns>
    public KnownBrowser? Find(HttpContext http) => cookie.Get(http) is { People: not null } known && known.Id != Guid.Empty ? known : null;

    /// <summary>Records that the person has signed in in this browser.</summary>
    /// <returns>True if the person had signed in in it before.</returns>
    public bool Meet(HttpContext http, Guid user)
    {
        var known = Find(http);
        var people = known?.People ?? [];
        cookie.Set(
            http, new KnownBrowser(known?.Id ?? Guid.CreateVersion7(), [user, .. people.Where(id => id != user).Take(MostPeople - 1)]));
        return people.Contains(user);
    }
}
