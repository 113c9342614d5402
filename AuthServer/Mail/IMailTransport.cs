using AuthServer.Outbox;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Hands a mail over to the outside: a mail server or a folder.</summary>
internal interface IMailTransport
{
    /// <exception cref="OperationCanceledException">The node is stopping, and the mail has not been handed over.</exception>
    Task<Delivery> SendAsync(MimeMessage message, CancellationToken stoppingToken);
}
