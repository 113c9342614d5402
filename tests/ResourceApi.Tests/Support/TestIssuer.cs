using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ResourceApi.Tests.Support;

/// <summary>A minimal issuer: discovery and keys on its own port, and tokens of any kind.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly int port;
    private readonly TimeProvider time;
    private WebApplication? server;
    private int fetches;

    /// <param name="authority">Its issuer identifier, if that is not the address where it listens.</param>
    /// <param name="time">The clock for its tokens.</param>
    public TestIssuer(string? authority = null, TimeProvider? time = null)
    {
        port = FreePort();
        this.time = time ?? TimeProvider.System;
        Address = new Uri($"http://localhost:{port}");
        Authority = authority is null ? Address : new Uri(authority);
        Keys = [new TestKey("ES256")];
    }

    public Uri Address { get; }

    public Uri Authority { get; }

    /// <summary>The keys in its JWKS. The last one signs.</summary>
    public List<TestKey> Keys { get; }

    /// <summary>How often its keys were requested.</summary>
    public int Fetches => fetches;

    /// <summary>The Host headers of its requests.</summary>
    public HashSet<string> Hosts { get; } = [];

    public static async Task<TestIssuer> StartedAsync(string? authority = null, TimeProvider? time = null)
    {
        var issuer = new TestIssuer(authority, time);
        await issuer.StartAsync();
        return issuer;
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        server = builder.Build();
        server.MapGet("/.well-known/openid-configuration", (HttpContext context) =>
        {
            lock (Hosts)
            {
                Hosts.Add(context.Request.Host.Value!);
            }

            return new JsonObject
            {
                ["issuer"] = Authority.AbsoluteUri,
                ["jwks_uri"] = new Uri(Authority, "/.well-known/jwks").AbsoluteUri,
            };
        });
        server.MapGet("/.well-known/jwks", () =>
        {
            Interlocked.Increment(ref fetches);
            return new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => key.ToJwk())]) };
        });
        await server.StartAsync();
    }

    public async Task StopAsync()
    {
        if (server is not null)
        {
            await server.StopAsync();
            await server.DisposeAsync();
            server = null;
        }
    }

    /// <summary>From now on, tokens are signed with a new key.</summary>
    public TestKey Rotate(string algorithm = "ES256")
    {
        var key = new TestKey(algorithm);
        Keys.Add(key);
        return key;
    }

    public string Token(Action<TestToken>? change = null)
    {
        var token = new TestToken(Keys[^1], Authority.AbsoluteUri, time.GetUtcNow());
        change?.Invoke(token);
        return token.Serialize();
    }

    /// <summary>An access token for this subject with this scope.</summary>
    public string TokenFor(string subject, string scope, string? role = null) => Token(token =>
    {
        token.Claims["sub"] = subject;
        token.Claims["scope"] = scope;
        if (role is not null)
        {
            token.Claims["role"] = role;
        }
    });

    public async ValueTask DisposeAsync() => await StopAsync();

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
