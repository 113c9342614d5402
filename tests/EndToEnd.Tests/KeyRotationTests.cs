using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EndToEnd.Tests.Support;
using Rig;

namespace EndToEnd.Tests;

[Collection(OneAtATime.Name)]
public sealed class KeyRotationTests
{
    private const int Apps = 6;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    // What is left of a token's life when it is still presented: an answer takes its time.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Two_nodes_rotate_every_few_seconds_under_load_and_no_valid_token_is_refused_anywhere()
    {
        await using var issuer = await RotatingIssuer.StartAsync();
        var seen = new Sightings();
        var clock = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, Apps).Select(number => Task.Run(async () =>
        {
            using var app = new App(issuer, number, seen);
            while (clock.Elapsed < Duration)
            {
                await app.SignInAndWorkAsync();
            }
        })));

        Assert.Empty(seen.Refusals);
        Assert.True(seen.SigningKeys.Count >= 5, $"{seen.SigningKeys.Count} keys signed");
        Assert.True(seen.EncryptionKeys.Count >= 5, $"{seen.EncryptionKeys.Count} keys encrypted");
        Assert.True(seen.Checks > 500, $"{seen.Checks} checks");
        TestContext.Current.TestOutputHelper?.WriteLine($"{seen.Checks} checks, {seen.SigningKeys.Count} signing keys, {seen.EncryptionKeys.Count} encryption keys");

        // Those of the beginning are gone, for nothing of them is alive.
        using var http = new HttpClient { BaseAddress = issuer.Nodes[1].Address };
        var keys = (await http.GetFromJsonAsync<JsonElement>("/.well-known/jwks")).GetProperty("keys").EnumerateArray()
            .Select(key => key.GetProperty("kid").GetString()!).ToList();
        Assert.DoesNotContain(seen.SigningKeys.Keys, key => seen.SigningKeys[key] is 1 && keys.Contains(key));
    }

    private sealed class Sightings
    {
        private int checks;

        public ConcurrentQueue<string> Refusals { get; } = new();

        /// <summary>By id: which one it was.</summary>
        public ConcurrentDictionary<string, int> SigningKeys { get; } = new();

        public ConcurrentDictionary<string, int> EncryptionKeys { get; } = new();

        public int Checks => checks;

        public void Note(string what, HttpStatusCode status, bool isGood, string token)
        {
            Interlocked.Increment(ref checks);
            if (!isGood)
            {
                Refusals.Enqueue($"{what}: {(int)status}, key {Kid(token)}");
            }
        }

        public void See(TokenAnswer tokens)
        {
            SigningKeys.GetOrAdd(Kid(tokens.AccessToken!), _ => SigningKeys.Count + 1);
            EncryptionKeys.GetOrAdd(Kid(tokens.RefreshToken!), _ => EncryptionKeys.Count + 1);
        }

        private static string Kid(string token) =>
            JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[0])).RootElement.GetProperty("kid").GetString()!;
    }

    /// <summary>An app that asks now the one and now the other node, as behind a load balancer.</summary>
    private sealed class App(RotatingIssuer issuer, int number, Sightings seen) : IDisposable
    {
        private readonly TokenClient[] nodes =
            [.. issuer.Nodes.Select(node => new TokenClient(node.Address, "orders", Platform.OrdersSecret, "alice", "correct-horse-apple", "openid+users.read"))];

        private readonly HttpClient http = new();
        private readonly Queue<(string Token, TimeSpan Until)> tokens = new();
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private int turn = number;

        public async Task SignInAndWorkAsync()
        {
            var until = clock.Elapsed + RotatingIssuer.SignInLifetime - Rest;
            var current = (await Next().SignInAsync()).Ok();
            while (clock.Elapsed < until)
            {
                seen.See(current);
                tokens.Enqueue((current.AccessToken!, clock.Elapsed + RotatingIssuer.AccessTokenLifetime - Rest));
                await CheckAsync(current.AccessToken!);
                await CheckOldestAsync();
                await Task.Delay(20);

                var refreshed = await Next().RefreshAsync(current.RefreshToken!);
                seen.Note("refresh", refreshed.Status, refreshed.Status is HttpStatusCode.OK, current.RefreshToken!);
                if (refreshed.Status is not HttpStatusCode.OK)
                {
                    return;
                }

                current = refreshed;
            }
        }

        public void Dispose()
        {
            http.Dispose();
            foreach (var node in nodes)
            {
                node.Dispose();
            }
        }

        private TokenClient Next() => nodes[turn++ % nodes.Length];

        private async Task CheckOldestAsync()
        {
            while (tokens.TryPeek(out var oldest) && oldest.Until < clock.Elapsed)
            {
                tokens.Dequeue();
            }

            if (tokens.TryPeek(out var old))
            {
                await CheckAsync(old.Token);
            }
        }

        private async Task CheckAsync(string token)
        {
            var introspected = await Next().IntrospectAsync(token);
            seen.Note("introspection", introspected.Status, introspected.IsActive, token);
            await CheckAsync(issuer.Nodes[turn % 2].Address, "/connect/userinfo", token);
            await CheckAsync(issuer.Api.Address, "/api/me", token);
        }

        private async Task CheckAsync(Uri program, string path, string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(program, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request);
            seen.Note(path, response.StatusCode, response.IsSuccessStatusCode, token);
        }
    }
}
