using System.Text.Json;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>
/// A platform authenticator with passkeys, as in a phone, which agrees to everything at once. Chromium provides it for tests.
/// </summary>
internal sealed class VirtualAuthenticator(ICDPSession session, string id)
{
    /// <summary>WebAuthn needs a page at the host name localhost.</summary>
    public static async Task<VirtualAuthenticator> PlugInAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var answer = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualAuthenticator(session, answer!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Sets whether the device verifies its user, as by a fingerprint.</summary>
    public Task VerifyUserAsync(bool isVerified) => SendAsync("WebAuthn.setUserVerified", "isUserVerified", isVerified);

    /// <summary>Sets whether a user touches the device.</summary>
    public Task TouchAsync(bool isTouched) => SendAsync("WebAuthn.setAutomaticPresenceSimulation", "enabled", isTouched);

    private Task<JsonElement?> SendAsync(string method, string name, bool value) =>
        session.SendAsync(method, new Dictionary<string, object> { ["authenticatorId"] = id, [name] = value });
}
