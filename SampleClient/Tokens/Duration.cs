namespace SampleClient.Tokens;

/// <summary>A span of time as people say it.</summary>
internal static class Duration
{
    public static string From(DateTimeOffset now, DateTimeOffset at) => at < now ? $"{Of(now - at)} ago" : $"in {Of(at - now)}";

    public static string Of(TimeSpan span) => span switch
    {
        { TotalSeconds: < 100 } => $"{span.TotalSeconds:0} s",
        { TotalMinutes: < 100 } => $"{span.TotalMinutes:0} min",
        { TotalHours: < 48 } => $"{span.TotalHours:0} h",
        _ => $"{span.TotalDays:0} days",
    };
}
