using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Support;

/// <summary>An app's endpoint for logout tokens, on its own port.</summary>
internal sealed class LogoutReceiver : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<string> tokens = new();

    private LogoutReceiver(int port)
    {
        Address = $"http://127.0.0.1:{port}/logout";
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        _ = ListenAsync();
    }

    public string Address { get; }

    /// <summary>The status of its responses.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>If true, it accepts requests and never answers.</summary>
    public bool Hangs { get; set; }

    public IReadOnlyCollection<string> Tokens => tokens;

    /// <summary>Creates it for one of the apps of <see cref="Seed"/>.</summary>
    public static async Task<LogoutReceiver> OfAsync(AuthServerApp app, string clientId)
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var receiver = new LogoutReceiver(port);
        await app.SqlAsync(
            $$"""UPDATE Clients SET Settings = '{"backchannel_logout_uri":"{{receiver.Address}}"}' WHERE ClientId = '{{clientId}}'""");
        return receiver;
    }

    /// <param name="passing">A server whose clock advances by a second at each check, because it may begin to wait later.</param>
    public async Task<Jwt> NextAsync(AuthServerApp? passing = null) => Jwt.Read(await NextTokenAsync(passing));

    public async Task<string> NextTokenAsync(AuthServerApp? passing = null)
    {
        for (var count = 0; count < 200; count++)
        {
            if (tokens.TryDequeue(out var token))
            {
                return token;
            }

            passing?.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(50);
        }

        throw new TimeoutException("No logout token within 10 seconds.");
    }

    public void Dispose() => listener.Close();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var form = QueryHelpers.ParseQuery(await reader.ReadToEndAsync());
                tokens.Enqueue(form["logout_token"].ToString());
                if (Hangs)
                {
                    continue;
                }

                context.Response.StatusCode = (int)Status;
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }
}
