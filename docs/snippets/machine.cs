#:property PublishAot=false

// A program without a person that calls an API as itself. Run it: dotnet run machine.cs
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

var issuer = Environment.GetEnvironmentVariable("ISSUER") ?? "http://localhost:8400/";
var api = Environment.GetEnvironmentVariable("API") ?? "http://localhost:8410";
var secret = Environment.GetEnvironmentVariable("SECRET") ?? "nightly-job-demo-secret";

using var tokens = new ClientTokenHandler(new Uri(issuer + "connect/token"), "nightly-job", secret, "notes.read") { InnerHandler = new SocketsHttpHandler() };
using var http = new HttpClient(tokens) { BaseAddress = new Uri(api) };
for (var call = 0; call < 3; call++)
{
    using var answer = await http.GetAsync("/api/notes");
    answer.EnsureSuccessStatusCode();
    Console.WriteLine($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
}

/// <summary>Puts an access token on each request (RFC 6749 4.4), and asks for another one a minute before it expires.</summary>
internal sealed class ClientTokenHandler(Uri endpoint, string id, string secret, string scope) : DelegatingHandler
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);
    private readonly HttpClient issuer = new();
    private readonly SemaphoreSlim oneAtATime = new(1);
    private (string Value, DateTimeOffset ExpiresAt) token;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.Unauthorized)
        {
            token = default; // the next call asks for a new one
        }

        return answer;
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (token.ExpiresAt < DateTimeOffset.UtcNow + Early)
            {
                token = await AskAsync(cancellationToken);
            }

            return token.Value;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task<(string, DateTimeOffset)> AskAsync(CancellationToken cancellationToken)
    {
        // RFC 6749 2.3.1: both are form-encoded before they are put together.
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", basic) },
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", scope)]),
        };
        using var answer = await issuer.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancellationToken));
        var seconds = json.RootElement.GetProperty("expires_in").GetInt32();
        Console.WriteLine($"A new access token, good for {seconds} seconds");
        return (json.RootElement.GetProperty("access_token").GetString()!, DateTimeOffset.UtcNow.AddSeconds(seconds));
    }
}
