using AuthServer.Users;

namespace AuthServer.AdminApi;

/// <summary>Checks fields of a body that have no better check behind them.</summary>
internal static class Require
{
    public static AdminProblem Wrong(string field, string detail) =>
        new(ProblemKind.InvalidField, null, new FieldProblem("/" + field, detail));

    /// <exception cref="AdminProblem">The text is empty or too long, or has control characters.</exception>
    public static void Text(string field, string text, int longest = UserLookup.LongestName)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > longest || text.Any(char.IsControl))
        {
            throw Wrong(field, $"It is text on one line, of 1 to {longest} characters.");
        }
    }

    /// <summary>A name that stands in addresses.</summary>
    public static void Name(string field, string name)
    {
        Text(field, name);
        if (name.AsSpan().ContainsAny('/', '\\', '%') || name is "." or "..")
        {
            throw Wrong(field, "It may not have a slash, a backslash or a percent sign, as it stands in addresses.");
        }
    }

    public static void OptionalText(string field, string? text, int longest = UserLookup.LongestName)
    {
        if (text is not null)
        {
            Text(field, text, longest);
        }
    }

    public static void SentText(string field, Patched<string> text)
    {
        if (text.IsSent)
        {
            Text(field, text.Value ?? "");
        }
    }

    public static void SentOptionalText(string field, Patched<string?> text)
    {
        if (text.IsSent)
        {
            OptionalText(field, text.Value);
        }
    }
}
