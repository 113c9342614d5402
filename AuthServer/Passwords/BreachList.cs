using System.Text.RegularExpressions;

namespace AuthServer.Passwords;

/// <summary>
/// A file (UTF-8) with one password on each line. A line of 40 hex digits is the SHA-1 of a password, as in the lists of Pwned
/// Passwords; it may end with <c>:</c> and a number. A password shorter than <see cref="PasswordRules.Shortest"/> is skipped, because
/// it is refused anyway.
/// </summary>
internal static partial class BreachList
{
    /// <summary>Reads the file twice, so that only the filter is in memory.</summary>
    /// <exception cref="InvalidDataException">The file has no usable password, or too many.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (BreachFilter Filter, long Skipped) Read(string path, CancellationToken cancellationToken)
    {
        long count = 0, skipped = 0;
        foreach (var hash in Hashes(path, cancellationToken))
        {
            _ = hash is null ? skipped++ : count++;
        }

        if (count is 0 or > BreachFilter.MostPasswords)
        {
            throw new InvalidDataException(count is 0
                ? $"has no password of {PasswordRules.Shortest} characters or more"
                : $"has {count} passwords; a filter holds at most {BreachFilter.MostPasswords}");
        }

        var filter = BreachFilter.Create(count);
        foreach (var hash in Hashes(path, cancellationToken))
        {
            if (hash is not null)
            {
                filter.Add(hash);
            }
        }

        return (filter, skipped);
    }

    // Null for a line that is skipped.
    private static IEnumerable<byte[]?> Hashes(string path, CancellationToken cancellationToken)
    {
        foreach (var line in File.ReadLines(path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Sha1().Match(line) is { Success: true } match ? Convert.FromHexString(match.Groups["hash"].ValueSpan)
                : line.Length >= PasswordRules.Shortest && PasswordHasher.Normalize(line) is { } password ? BreachFilter.HashOf(password)
                : null;
        }
    }

    [GeneratedRegex(@"^(?<hash>[0-9A-Fa-f]{40})(:[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Sha1();
}
