using System.Text.Json;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>A device with passkeys in it, built in like a phone's, which says yes to everything at once; Chromium's own, for tests.</summary>
internal sealed class VirtualAuthenticator(ICDPSession session, string id)
{
    /// <summary>WebAuthn needs a page on localhost by its name.</summary>
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

    /// <summary>Whether its owner's finger is the right one.</summary>
    public Task VerifyUserAsync(bool isVerified) => SendAsync("WebAuthn.setUserVerified", "isUserVerified", isVerified);

    /// <summary>Whether somebody is there who touches it.</summary>
    public Task TouchAsync(bool isTouched) => SendAsync("WebAuthn.setAutomaticPresenceSimulation", "enabled", isTouched);

    private Task<JsonElement?> SendAsync(string method, string name, bool value) =>
        session.SendAsync(method, new Dictionary<string, object> { ["authenticatorId"] = id, [name] = value });
}
