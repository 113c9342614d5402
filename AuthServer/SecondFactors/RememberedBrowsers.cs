using AuthServer.Connect;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>Browsers that a person has shown a second factor in and has asked to be remembered. Another password forgets them.</summary>
internal sealed class RememberedBrowsers(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private readonly ProtectedCookie<Remembered> cookie = new("Browser", TimeSpan.FromDays(30), protection, connect.Value, time);

    private sealed record Remembered(Guid User, string SecurityStamp);

    public void Remember(HttpContext http, User user) => cookie.Set(http, new Remembered(user.Id, user.SecurityStamp ?? ""));

    public bool Knows(HttpContext http, User user) => cookie.Get(http) == new Remembered(user.Id, user.SecurityStamp ?? "");
}
