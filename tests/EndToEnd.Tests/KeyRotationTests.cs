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

    private const int LeastKeys = 5;
    private const int LeastChecks = 500;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    // For a machine that is busy with other work.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // The remaining lifetime of a token that is still presented.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Two_nodes_rotate_every_few_seconds_under_load_and_no_valid_token_is_refused_anywhere()
    {
        await using var issuer = await RotatingIssuer.StartAsync();
        var seen = new Sightings();
        var clock = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, Apps).Select(number => Task.Run(async () =>
        {
            using var app = new App(issuer, number, seen);
            while (clock.Elapsed < Duration || (!seen.AreEnough && clock.Elapsed < Patience))
            {
                await app.SignInAndWorkAsync();
            }
        })));

        Assert.True(seen.Refusals.IsEmpty, string.Join('\n', [.. seen.Refusals.Take(10), .. issuer.Warnings.Take(10)]));
        var told = $"{seen.Checks} checks, {seen.SigningKeys.Count} signing keys, {seen.EncryptionKeys.Count} encryption keys";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(seen.AreEnough, told);

        // The first keys are gone, because nothing that they signed is still valid.
        using var http = new HttpClient { BaseAddress = issuer.Nodes[1].Address };
        var keys = (await http.GetFromJsonAsync<JsonElement>("/.well-known/jwks")).GetProperty("keys").EnumerateArray()
            .Select(key => key.GetProperty("kid").GetString()!).ToList();
        Assert.DoesNotContain(seen.SigningKeys.Keys, key => seen.SigningKeys[key] is 1 && keys.Contains(key));
    }

    private sealed class Sightings
    {
        private int checks;

        public ConcurrentQueue<string> Refusals { get; } = new();

        /// <summary>The keys by their ids, numbered in the order of their appearance.</summary>
        public ConcurrentDictionary<string, int> SigningKeys { get; } = new();

        public ConcurrentDictionary<string, int> EncryptionKeys { get; } = new();

        public int Checks => checks;

        public bool AreEnough => Checks >= LeastChecks && SigningKeys.Count >= LeastKeys && EncryptionKeys.Count >= LeastKeys;

        /// <summary>
        /// Ignores an answer that came after the token had expired, and a 503, because neither says anything about the keys.
        /// </summary>
        public void Note(string what, HttpStatusCode status, string answer, bool isGood, string token, DateTimeOffset goodUntil)
        {
            if (TimeProvider.System.GetUtcNow() >= goodUntil || status is HttpStatusCode.ServiceUnavailable)
            {
                return;
            }

            Interlocked.Increment(ref checks);
            if (!isGood)
            {
                Refusals.Enqueue(
                    $"{what}: {status} {answer}, signing key {SigningKeys.GetValueOrDefault(Kid(token))} of {SigningKeys.Count}, "
                        + $"{(goodUntil - TimeProvider.System.GetUtcNow()).TotalSeconds:0.0} s before its end");
            }
        }

        public void See(TokenAnswer tokens)
        {
            SigningKeys.GetOrAdd(Kid(tokens.AccessToken!), _ => SigningKeys.Count + 1);
            EncryptionKeys.GetOrAdd(Kid(tokens.RefreshToken!), _ => EncryptionKeys.Count + 1);
        }

        private static string Kid(string token) => TokenPart.Of(token, 0).GetProperty("kid").GetString()!;
    }

    /// <summary>An app that uses the two nodes in turn, as behind a load balancer.</summary>
    private sealed class App(RotatingIssuer issuer, int number, Sightings seen) : IDisposable
    {
        private readonly TokenClient[] nodes =
            [.. issuer.Nodes.Select(node =>
                new TokenClient(node.Address, "orders", Platform.OrdersSecret, "alice", "correct-horse-apple", "openid+users.read"))];

        private readonly HttpClient http = new();
        private readonly Queue<string> tokens = new();
        private int turn = number;

        public async Task SignInAndWorkAsync()
        {
            var current = await Next().SignInAsync();
            if (current.Status is HttpStatusCode.ServiceUnavailable)
            {
                return;
            }

            current.Ok();

            // Instants in tokens are whole seconds. Two of them are rounded down before the end of a sign-in is computed.
            var until = Instant(current.AccessToken!, "auth_time") + RotatingIssuer.SignInLifetime - TimeSpan.FromSeconds(2);
            while (TimeProvider.System.GetUtcNow() < until - Rest)
            {
                seen.See(current);
                tokens.Enqueue(current.AccessToken!);
                await CheckAsync(current.AccessToken!);
                await CheckOldestAsync();
                await Task.Delay(20);

                var refreshed = await Next().RefreshAsync(current.RefreshToken!);
                seen.Note(
                    "refresh", refreshed.Status, $"{refreshed.Json}", refreshed.Status is HttpStatusCode.OK, current.RefreshToken!, until);
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
            while (tokens.TryPeek(out var oldest) && Instant(oldest, "exp") - Rest < TimeProvider.System.GetUtcNow())
            {
                tokens.Dequeue();
            }

            if (tokens.TryPeek(out var old))
            {
                await CheckAsync(old);
            }
        }

        private async Task CheckAsync(string token)
        {
            var introspected = await Next().IntrospectAsync(token);
            seen.Note("introspection", introspected.Status, $"{introspected.Json}", introspected.IsActive, token, Instant(token, "exp"));
            await CheckAsync(issuer.Nodes[turn % 2].Address, "/connect/userinfo", token);
            await CheckAsync(issuer.Api.Address, "/api/me", token);
        }

        private async Task CheckAsync(Uri program, string path, string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(program, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request);
            seen.Note(
                path,
                response.StatusCode,
                $"{response.Headers.WwwAuthenticate}",
                response.IsSuccessStatusCode,
                token,
                Instant(token, "exp"));
        }
    }

    private static DateTimeOffset Instant(string token, string claim) =>
        DateTimeOffset.FromUnixTimeSeconds(TokenPart.Of(token, 1).GetProperty(claim).GetInt64());
}
