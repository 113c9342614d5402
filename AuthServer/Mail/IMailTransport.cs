using MimeKit;

namespace AuthServer.Mail;

/// <summary>Hands a mail over to the outside: a mail server or a folder.</summary>
internal interface IMailTransport
{
    /// <exception cref="OperationCanceledException">The node is stopping, and the mail has not been handed over.</exception>
    Task<Delivery> SendAsync(MimeMessage message, CancellationToken stoppingToken);
}

/// <summary>The result of an attempt to hand a mail over.</summary>
/// <param name="Problem">For the log: it contains no address and nothing from the mail.</param>
internal sealed record Delivery(DeliveryOutcome Outcome, string Problem)
{
    public static readonly Delivery Done = new(DeliveryOutcome.Done, "");

    public static Delivery Deferred(string problem) => new(DeliveryOutcome.Deferred, problem);

    public static Delivery Refused(string problem) => new(DeliveryOutcome.Refused, problem);

    public static Delivery Away(string problem) => new(DeliveryOutcome.Away, problem);
}

internal enum DeliveryOutcome
{
    Done,

    /// <summary>This mail cannot be handed over now; other mails may be.</summary>
    Deferred,

    /// <summary>This mail can never be handed over (RFC 5321 4.2.1: a reply of 5yz).</summary>
    Refused,

    /// <summary>No mail can be handed over at the moment.</summary>
    Away,
}
