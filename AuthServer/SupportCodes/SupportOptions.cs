namespace AuthServer.SupportCodes;

/// <summary>
/// The section <c>Support</c>: how long the steps of a sign-in are kept, which <c>AuthServer trace</c> shows for a support code. See
/// <see href="support.md">support codes</see>.
/// </summary>
internal sealed class SupportOptions
{
    public const string Section = "Support";

    public static readonly TimeSpan Shortest = TimeSpan.FromHours(1);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    /// <summary>The smallest and largest value of <see cref="MostSteps"/>.</summary>
    public const int Least = 1000;
    public const int Most = 5_000_000;

    /// <summary>How long a step is kept.</summary>
    /// <value>1 hour to 90 days</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// About how many steps are kept. When there are more, the oldest are deleted before their time. A sign-in has some five steps, and a step
    /// takes some 300 bytes.
    /// </summary>
    /// <value>1000 to 5000000</value>
    public int MostSteps { get; set; } = 200_000;
}
