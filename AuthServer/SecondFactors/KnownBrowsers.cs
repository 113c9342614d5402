using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>
/// Which people have signed in in a browser before: for anybody else it is a new device, and its wrong passwords count with
/// those of strangers.
/// </summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private const int MostPeople = 10;

    // As long as browsers keep any cookie (RFC 6265bis 5.5).
    private readonly ProtectedCookie<KnownBrowser> cookie = new("Known", TimeSpan.FromDays(400), protection, connect.Value, time);

    /// <returns>Null for a browser in which nobody has signed in.</returns>
    public KnownBrowser? Find(HttpContext http) => cookie.Get(http) is { People: not null } known && known.Id != Guid.Empty ? known : null;

    /// <returns>Whether the person was there before. From now on, yes.</returns>
    public bool Meet(HttpContext http, Guid user)
    {
        var known = Find(http);
        var people = known?.People ?? [];
        cookie.Set(http, new KnownBrowser(known?.Id ?? Guid.CreateVersion7(), [user, .. people.Where(id => id != user).Take(MostPeople - 1)]));
        return people.Contains(user);
    }
}
