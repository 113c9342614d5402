using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AuthServer.Platform;
using AuthServer.SupportCodes;

namespace AuthServer.CommandLine;

/// <summary>Common options, and parsers for values on the command line. A value that cannot be read is reported in one sentence.</summary>
internal static class OptionValues
{
    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    public static Option<bool> Yes() => new("--yes") { Description = "Do it. Without this option, only say what would be done." };

    public static Option<int?> Limit(string description) => new("--limit") { Description = description, CustomParser = ParseCount };

    public static Guid? ParseSession(ArgumentResult result)
    {
        if (Guid.TryParse(result.Tokens.Single().Value, out var id))
        {
            return id;
        }

        result.AddError(
            $"'{result.Tokens.Single().Value}' is not the id of a session. An id looks like 01a21068-c913-74a1-a5d3-f8fd835f137a.");
        return null;
    }

    public static string? ParseSupportCode(ArgumentResult result)
    {
        // It may be typed in two halves.
        var text = string.Join(' ', result.Tokens.Select(token => token.Value));
        if (SupportCode.Parse(text) is { } code)
        {
            return code;
        }

        result.AddError($"'{text}' is not a support code. A code looks like 7K2Q-M4XA.");
        return null;
    }

    public static DateTimeOffset? ParseInstant(ArgumentResult result)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, Utc, out var instant))
        {
            return instant;
        }

        result.AddError($"'{result.Tokens.Single().Value}' is not an instant like 2026-11-23T18:00:00Z.");
        return null;
    }

    public static TimeSpan ParseDuration(ArgumentResult result)
    {
        if (Duration.TryParse(result.Tokens.Single().Value, out var duration))
        {
            return duration;
        }

        result.AddError($"'{result.Tokens.Single().Value}' is not a duration: {Duration.Form}.");
        return default;
    }

    private static int? ParseCount(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return count;
        }

        result.AddError($"--limit must be a whole number of at least 1, not '{result.Tokens.Single().Value}'.");
        return null;
    }
}
