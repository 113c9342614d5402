namespace AuthServer.Telemetry;

/// <summary>The values of the label <c>outcome</c> of a refresh.</summary>
internal static class RefreshOutcomes
{
    public const string Redeemed = "redeemed";
    public const string Repeated = "repeated";
    public const string Reused = "reused";
    public const string Ended = "ended";

    public static readonly string[] All = [Redeemed, Repeated, Reused, Ended];
}
