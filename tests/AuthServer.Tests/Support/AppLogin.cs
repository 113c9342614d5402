using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Support;

/// <summary>The app's part of a sign-in with code and PKCE: it creates the request of the browser, and redeems the code.</summary>
internal sealed class AppLogin(AuthServerApp app, string clientId, string? secret, string redirectUri)
{
    public const string State = "the-state";
    public const string Nonce = "the-nonce";

    private readonly string verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public string RedirectUri => redirectUri;

    public ClientDriver Client => app.Client(clientId, secret);

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public static AppLogin Orders(AuthServerApp app) => new(app, Seed.Orders, Seed.OrdersSecret, "https://orders.example/callback");

    public static AppLogin Reports(AuthServerApp app) => new(app, "reports", "reports-demo-secret", "https://reports.example/callback");

    public static AppLogin Partner(AuthServerApp app) => new(app, "partner", "partner-demo-secret", "https://partner.example/callback");

    /// <summary>The address to which the app sends the browser. Each given parameter replaces another; null removes it.</summary>
    public string Address(params (string Name, string? Value)[] changes) =>
        QueryHelpers.AddQueryString(
            "/connect/authorize", Parameters(changes).Select(entry => KeyValuePair.Create(entry.Name, (string?)entry.Value)));

    public (string Name, string Value)[] Parameters(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = clientId,
            ["redirect_uri"] = redirectUri,
            ["response_type"] = "code",
            ["scope"] = "openid profile offline_access notes.read",
            ["state"] = State,
            ["nonce"] = Nonce,
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return [.. parameters.Where(entry => entry.Value is not null).Select(entry => (entry.Key, entry.Value!))];
    }

    /// <summary>The whole sign-in, in a browser where nobody is signed in yet. Returns the code.</summary>
    public async Task<string> CodeAsync(Browser browser, string userName = "alice", string password = "correct-horse-apple")
    {
        var page = await browser.GoAsync(Address());
        return CodeOf(page.Location is null ? await browser.SignInAsync(page, userName, password) : page);
    }

    public string CodeOf(BrowserPage page) => page.AssertAt(redirectUri).Given["code"].ToString();

    public Task<Answer> RedeemAsync(string code, params (string, string)[] more) =>
        Client.TokenAsync(
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", verifier), .. more]);
}
