using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace AuthServer.Tests.Mail;

/// <summary>
/// A mail server on loopback, which keeps the mails it accepts. It does not answer before it is started or after it is disposed.
/// </summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string UserName = "authserver";
    public const string Password = "mail-server-password";

    private readonly CancellationTokenSource stop = new();
    private readonly Store store = new();
    private Task running = Task.CompletedTask;

    public int Port { get; } = FreePort();

    /// <summary>The settings with which an AuthServer uses it.</summary>
    public (string, string)[] Settings =>
        [("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{Port}"), ("Mail:Security", "None")];

    public IReadOnlyCollection<MimeMessage> Taken => store.Taken;

    /// <summary>The reply to each recipient while this is set.</summary>
    public SmtpResponse? Refusal { get => store.Refusal; set => store.Refusal = value; }

    /// <summary>Recipients in this domain get no reply while the server runs.</summary>
    public string? SlowDomain { get => store.SlowDomain; set => store.SlowDomain = value; }

    public static MailServer Started(X509Certificate? certificate = null, bool takesPassword = false)
    {
        var server = new MailServer();
        server.Start(certificate, takesPassword);
        return server;
    }

    public void Start(X509Certificate? certificate = null, bool takesPassword = false)
    {
        var options = new SmtpServerOptionsBuilder().ServerName("mail.example").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).AllowUnsecureAuthentication().AuthenticationRequired(takesPassword);
            if (certificate is not null)
            {
                endpoint.Certificate(certificate);
            }
        }).Build();
        var services = new ServiceProvider();
        services.Add((IMessageStore)store);
        services.Add((IMailboxFilter)store);
        services.Add(
            new SmtpServer.Authentication.DelegatingUserAuthenticator((user, password) => user == UserName && password == Password));
        running = new SmtpServer.SmtpServer(options, services).StartAsync(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Store : MessageStore, IMailboxFilter
    {
        public ConcurrentQueue<MimeMessage> Taken { get; } = new();

        public SmtpResponse? Refusal { get; set; }

        public string? SlowDomain { get; set; }

        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var bytes = new MemoryStream(buffer.ToArray());
            Taken.Enqueue(await MimeMessage.LoadAsync(bytes, cancellationToken));
            return SmtpResponse.Ok;
        }

        public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) =>
            Task.FromResult(true);

        public async Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken)
        {
            if (to.Host == SlowDomain)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return Refusal is null ? true : throw new SmtpResponseException(Refusal);
        }
    }
}
