using System.Net;
using System.Net.Sockets;

namespace AuthServer.DatabaseTests.Logout;

/// <summary>An app that answers each logout token with 200, or closes the connection without an answer.</summary>
internal sealed class LogoutApp : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private int calls;
    private volatile bool answers = true;

    public LogoutApp()
    {
        listener.Start();
        _ = ServeAsync();
    }

    public bool Answers { get => answers; set => answers = value; }

    public int Calls => Volatile.Read(ref calls);

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/logout";

    public void Dispose() => listener.Stop();

    private async Task ServeAsync()
    {
        var request = new byte[64 * 1024];
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (SocketException)
            {
                return;
            }

            using (client)
            {
                Interlocked.Increment(ref calls);
                _ = await client.GetStream().ReadAsync(request);
                if (answers)
                {
                    await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                }
            }
        }
    }
}
