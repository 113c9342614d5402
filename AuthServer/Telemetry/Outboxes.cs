namespace AuthServer.Telemetry;

/// <summary>The values of the labels <c>outbox</c> and <c>outcome</c> of a delivery.</summary>
internal static class Outboxes
{
    public const string Mail = "mail";
    public const string Logout = "logout";

    public const string Sent = "sent";
    public const string Deferred = "deferred";
    public const string Refused = "refused";
    public const string GivenUp = "given_up";

    public static readonly string[] All = [Mail, Logout];
    public static readonly string[] Outcomes = [Sent, Deferred, Refused, GivenUp];
}
