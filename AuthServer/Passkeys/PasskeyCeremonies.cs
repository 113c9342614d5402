using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Passkeys;

/// <summary>A ceremony under way, with the challenge that its result must answer.</summary>
/// <param name="IsRegistration">Or else a sign-in: the one is not good for the other.</param>
/// <param name="State">As Identity's handler gave it.</param>
internal sealed record PasskeyCeremony(bool IsRegistration, string State);

/// <summary>
/// Keeps it in the browser, so that any node can finish it. There is one at a time, and it is finished once: a cookie can be
/// sent again, so that is written down, and an authenticator without a counter could not tell (WebAuthn 3 13.4.3).
/// </summary>
internal sealed class PasskeyCeremonies(SpentValues spent, IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ProtectedCookie<PasskeyCeremony> cookie = new("Passkey", Lifetime, protection, connect.Value, time);

    public void Begin(HttpContext http, bool isRegistration, string state) => cookie.Set(http, new PasskeyCeremony(isRegistration, state));

    /// <returns>The state; null when there is none of this kind, or it was taken before.</returns>
    public async Task<string?> TakeAsync(HttpContext http, bool isRegistration)
    {
        var ceremony = cookie.Get(http);
        cookie.Clear(http);
        return ceremony?.IsRegistration == isRegistration
            && await spent.TrySpendAsync("passkey ceremony", ceremony.State, time.GetUtcNow() + Lifetime, http.RequestAborted)
                ? ceremony.State
                : null;
    }
}
