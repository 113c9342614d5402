using AuthServer.Connect;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>Which people have signed in in a browser before: for anybody else it is a new device.</summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private const int MostPeople = 10;

    // As long as browsers keep any cookie (RFC 6265bis 5.5).
    private readonly ProtectedCookie<People> cookie = new("Known", TimeSpan.FromDays(400), protection, connect.Value, time);

    private sealed record People(IReadOnlyList<Guid> Ids);

    /// <returns>Whether the person was there before. From now on, yes.</returns>
    public bool Meet(HttpContext http, Guid user)
    {
        var known = cookie.Get(http)?.Ids ?? [];
        cookie.Set(http, new People([user, .. known.Where(id => id != user).Take(MostPeople - 1)]));
        return known.Contains(user);
    }
}
