#:property PublishAot=false
#:package Microsoft.IdentityModel.Protocols.OpenIdConnect@8.19.2

// A program on somebody's own machine that signs in through the system's browser (RFC 8252). Run it: dotnet run native.cs
// With --print it only prints where the browser is to go.
using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

const string Client = "snippet-native";
var issuer = Environment.GetEnvironmentVariable("ISSUER") ?? "http://localhost:8400/";
using var http = new HttpClient();
var server = await OpenIdConnectConfigurationRetriever.GetAsync(
    issuer + ".well-known/openid-configuration", new HttpDocumentRetriever(http) { RequireHttps = !new Uri(issuer).IsLoopback }, CancellationToken.None);

// Any port will do: 'type: native' lets the redirect URI differ in it (RFC 8252 7.3).
var callback = $"http://127.0.0.1:{FreePort()}/callback";
using var listener = new HttpListener { Prefixes = { callback + "/" } };
listener.Start();

var (state, nonce, verifier) = (Random(), Random(), Random());
var request = new OpenIdConnectMessage
{
    IssuerAddress = server.AuthorizationEndpoint,
    ClientId = Client,
    RedirectUri = callback,
    ResponseType = OpenIdConnectResponseType.Code,
    Scope = "openid profile",
    State = state,
    Nonce = nonce,
    EnableTelemetryParameters = false,
};
request.SetParameter("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))); // RFC 7636 4.2
request.SetParameter("code_challenge_method", "S256");
var address = request.CreateAuthenticationRequestUrl();
Console.WriteLine($"To sign in, go to {address}");
if (!args.Contains("--print"))
{
    try { Process.Start(new ProcessStartInfo(address) { UseShellExecute = true }); }
    catch (Win32Exception) { } // there is none: the address can be copied to one
}

var waiting = AnswerAsync();
if (await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMinutes(5))) != waiting)
{
    Console.Error.WriteLine("Nobody is signed in: the browser has not come back");
    return 1;
}

var answer = await waiting;
if (answer.Iss != server.Issuer || answer.Code is null) // RFC 9207 2.4
{
    Console.Error.WriteLine($"Nobody is signed in: {answer.Error ?? "the answer is not of this issuer"}");
    return 1;
}

using var form = new FormUrlEncodedContent(new Dictionary<string, string>
{
    ["grant_type"] = "authorization_code",
    ["client_id"] = Client,
    ["code"] = answer.Code,
    ["redirect_uri"] = callback,
    ["code_verifier"] = verifier,
});
using var response = await http.PostAsync(server.TokenEndpoint, form);
var tokens = new OpenIdConnectMessage(await response.Content.ReadAsStringAsync()); // or error and error_description
var identity = await new JsonWebTokenHandler().ValidateTokenAsync(tokens.IdToken, new TokenValidationParameters
{
    ValidIssuer = server.Issuer,
    ValidAudience = Client,
    IssuerSigningKeys = server.SigningKeys,
});
if (!identity.IsValid || identity.ClaimsIdentity.FindFirst("nonce")?.Value != nonce)
{
    Console.Error.WriteLine($"Nobody is signed in: {tokens.Error ?? "the ID token is not as it should be"}");
    return 1;
}

Console.WriteLine($"Signed in as {identity.Claims["name"]}");
return 0;

// What does not know the state is not the answer that is waited for.
async Task<OpenIdConnectMessage> AnswerAsync()
{
    while (true)
    {
        var context = await listener.GetContextAsync();
        var message = new OpenIdConnectMessage(context.Request.QueryString);
        var isOurs = message.State == state;
        context.Response.StatusCode = isOurs ? 200 : 400;
        context.Response.ContentType = "text/plain";
        context.Response.Close(Encoding.UTF8.GetBytes(isOurs ? "Back to the program: this window can be closed." : "Not expected."), willBlock: true);
        if (isOurs)
        {
            return message;
        }
    }
}

static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

static int FreePort()
{
    using var probe = new TcpListener(IPAddress.Loopback, 0);
    probe.Start();
    return ((IPEndPoint)probe.LocalEndpoint).Port;
}
