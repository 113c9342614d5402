using MimeKit;

namespace AuthServer.Mail;

/// <summary>Takes a mail out of this process.</summary>
internal interface IMailTransport
{
    /// <exception cref="OperationCanceledException">The node stops, and the mail has not been handed over.</exception>
    Task<Delivery> SendAsync(MimeMessage message, CancellationToken stoppingToken);
}

/// <summary>What became of an attempt.</summary>
/// <param name="Problem">For the log: it holds no address and nothing of the mail.</param>
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

    /// <summary>Not this mail now; others may go.</summary>
    Deferred,

    /// <summary>This mail never (RFC 5321 4.2.1: a reply of 5yz).</summary>
    Refused,

    /// <summary>No mail at all can be handed over at the moment.</summary>
    Away,
}
