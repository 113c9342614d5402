using AuthServer.Connect;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Passkeys;

/// <summary>A ceremony under way, with the challenge that its result must answer.</summary>
/// <param name="IsRegistration">Or else a sign-in: the one is not good for the other.</param>
/// <param name="State">As Identity's handler gave it.</param>
internal sealed record PasskeyCeremony(bool IsRegistration, string State);

/// <summary>Keeps it in the browser, so that any node can finish it. There is one at a time, and it is finished once.</summary>
internal sealed class PasskeyCeremonies(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ProtectedCookie<PasskeyCeremony> cookie = new("Passkey", Lifetime, protection, connect.Value, time);

    public void Begin(HttpContext http, bool isRegistration, string state) => cookie.Set(http, new PasskeyCeremony(isRegistration, state));

    /// <returns>The state; null when there is none of this kind.</returns>
    public string? Take(HttpContext http, bool isRegistration)
    {
        var ceremony = cookie.Get(http);
        cookie.Clear(http);
        return ceremony?.IsRegistration == isRegistration ? ceremony.State : null;
    }
}
