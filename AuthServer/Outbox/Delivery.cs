namespace AuthServer.Outbox;

/// <summary>The result of an attempt to send a message.</summary>
/// <param name="Problem">For the log and the column <c>LastError</c>: it contains no address of a person and nothing from the
/// message.</param>
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

    /// <summary>This message cannot be sent now; others may be.</summary>
    Deferred,

    /// <summary>This message can never be sent.</summary>
    Refused,

    /// <summary>The other side does not answer: other messages for it would fail, too.</summary>
    Away,
}
