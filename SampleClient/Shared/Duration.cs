namespace SampleClient.Shared;

/// <summary>A length of time in words. A no-break space keeps number and unit on one line.</summary>
internal static class Duration
{
    public static string From(DateTimeOffset now, DateTimeOffset at) => at < now ? $"{Of(now - at)} ago" : $"in {Of(at - now)}";

    public static string Of(TimeSpan span) => span switch
    {
        { TotalSeconds: < 100 } => $"{span.TotalSeconds:0}\u00a0s",
        { TotalMinutes: < 100 } => $"{span.TotalMinutes:0}\u00a0min",
        { TotalHours: < 48 } => $"{span.TotalHours:0}\u00a0h",
        _ => $"{span.TotalDays:0}\u00a0days",
    };
}
