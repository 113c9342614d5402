using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Passkeys;

/// <summary>A ceremony in progress, with the challenge that its result must answer.</summary>
/// <param name="IsRegistration">True for a registration, false for a sign-in. A ceremony of one kind cannot end as the other.</param>
/// <param name="State">The state that Identity's handler has made.</param>
internal sealed record PasskeyCeremony(bool IsRegistration, string State);

/// <summary>
/// Keeps the ceremony in a cookie, so that any node can finish it. A browser has one at a time, and it can be finished once. The cookie can
/// be sent again, so the database records what was finished: an authenticator without a counter would not reveal it (WebAuthn 3 13.4.3).
/// </summary>
internal sealed class PasskeyCeremonies(
    SpentValues spent, IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ProtectedCookie<PasskeyCeremony> cookie = new("Passkey", Lifetime, protection, connect.Value, time);

    public void Begin(HttpContext http, bool isRegistration, string state) => cookie.Set(http, new PasskeyCeremony(isRegistration, state));

    /// <returns>The state; null if there is no ceremony of this kind, or it was taken before.</returns>
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
