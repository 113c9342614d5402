using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>
/// The passwords that are refused because they are known from breaches (NIST SP 800-63B 3.1.1.2). They come from
/// <see cref="PasswordsOptions.BreachedFile"/>, or from the filter that is part of this program. The filter is read when the first password
/// is chosen.
/// </summary>
internal sealed class BreachedPasswords(IOptions<PasswordsOptions> options)
{
    private const string Shipped = "AuthServer.Passwords.breached.bloom";

    private readonly Lazy<BreachFilter> filter = new(() => Read(options.Value.BreachedFile));

    /// <summary>The number of passwords in the filter in use.</summary>
    public long Count => filter.Value.Count;

    /// <summary>True if the password is known as it was typed, or in lower case.</summary>
    public bool Contains(string password)
    {
        var typed = PasswordHasher.Normalize(password) ?? password;
        return filter.Value.Contains(typed) || filter.Value.Contains(typed.ToLowerInvariant());
    }

    /// <summary>Checks a file by its header and length only.</summary>
    /// <returns>The problem of the file, worded to follow its name; null if it has none.</returns>
    public static string? ProblemOf(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            BreachFilter.ReadCount(file);
            return null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return "does not exist";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            return $"cannot be read: {exception.Message.TrimEnd('.')}";
        }
    }

    private static BreachFilter Read(string? path)
    {
        using var file = path is { Length: > 0 }
            ? File.OpenRead(path)
            : typeof(BreachedPasswords).Assembly.GetManifestResourceStream(Shipped)!;
        return BreachFilter.Read(file);
    }
}
