using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Support;

/// <summary>An app's address for logout tokens, on a port of its own.</summary>
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

    /// <summary>What it answers.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public IReadOnlyCollection<string> Tokens => tokens;

    /// <summary>For one of the apps of <see cref="Seed"/>.</summary>
    public static async Task<LogoutReceiver> OfAsync(AuthServerApp app, string clientId)
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var receiver = new LogoutReceiver(port);
        await app.SqlAsync($$"""UPDATE Clients SET Settings = '{"backchannel_logout_uri":"{{receiver.Address}}"}' WHERE ClientId = '{{clientId}}'""");
        return receiver;
    }

    public async Task<Jwt> NextAsync()
    {
        for (var count = 0; count < 200; count++)
        {
            if (tokens.TryDequeue(out var token))
            {
                return Jwt.Read(token);
            }

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
                context.Response.StatusCode = (int)Status;
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
