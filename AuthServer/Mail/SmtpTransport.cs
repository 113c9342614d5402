using System.Net.Sockets;
using AuthServer.Outbox;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Hands each mail over to the mail server, over a connection of its own.</summary>
internal sealed class SmtpTransport(IOptions<MailOptions> options) : IMailTransport
{
    public async Task<Delivery> SendAsync(MimeMessage message, CancellationToken stoppingToken)
    {
        using var patience = new CancellationTokenSource(options.Value.Timeout);
        using var client = new SmtpClient();
        var isReached = false;
        try
        {
            await ConnectAsync(client, patience.Token, stoppingToken);
            isReached = true;

            // A stop does not interrupt this: the server may have taken the mail already and would then get it twice.
            await client.SendAsync(message, patience.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // A server that was reached may be checking this recipient or content for long, so another mail may succeed.
            var problem = $"no answer within {options.Value.Timeout.TotalSeconds} seconds";
            return isReached ? Delivery.Deferred(problem) : Delivery.Away(problem);
        }
        catch (Exception exception) when (Explain(exception) is { } failed)
        {
            return failed;
        }

        await LeaveAsync(client, patience.Token);
        return Delivery.Done;
    }

    private async Task ConnectAsync(SmtpClient client, CancellationToken patience, CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience, stoppingToken);
        var settings = options.Value;
        await client.ConnectAsync(settings.Host!, settings.EffectivePort, Security(settings.Security), either.Token);
        if (settings.UserName is not null)
        {
            await client.AuthenticateAsync(settings.UserName, settings.Password!, either.Token);
        }
    }

    private static SecureSocketOptions Security(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    // The text of a reply often repeats the address, so only the code of a failed command is logged.
    private static Delivery? Explain(Exception exception) => exception switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted } reply =>
            (int)reply.StatusCode >= 500 ? Delivery.Refused(Told(reply)) : Delivery.Deferred(Told(reply)),
        SmtpCommandException reply => Delivery.Away(Told(reply)),
        AuthenticationException => Delivery.Away($"{MailOptions.Section}:UserName and Password are not accepted"),
        SslHandshakeException => Delivery.Away("the mail server's certificate is not trusted, or it does not speak TLS"),
        NotSupportedException => Delivery.Away("the mail server does not offer what is set: STARTTLS, or a way to sign in"),
        ProtocolException or ServiceNotConnectedException or IOException or SocketException or TimeoutException =>
            Delivery.Away(exception.Message),
        _ => null,
    };

    private static string Told(SmtpCommandException reply) => $"reply {(int)reply.StatusCode}, {reply.ErrorCode}";

    // The mail has been handed over, so a failure of the connection does not matter.
    private static async Task LeaveAsync(SmtpClient client, CancellationToken patience)
    {
        try
        {
            await client.DisconnectAsync(quit: true, patience);
        }
        catch (Exception exception) when (exception is OperationCanceledException || Explain(exception) is not null)
        {
        }
    }
}
