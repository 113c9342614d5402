namespace AuthServer.Platform;

/// <summary>
/// Resolves references to secrets, so that a platform file need not contain a secret: <c>env:NAME</c>, or <c>file:PATH</c> relative to the
/// platform file. <c>plain:VALUE</c> is for the demo. It is refused outside Development, and so are the demo's own secrets in any form.
/// </summary>
internal sealed class SecretReference(string baseFolder, bool isDevelopment)
{
    /// <returns>The secret; or null, with the problem as the end of a sentence.</returns>
    public string? Resolve(string reference, out string problem)
    {
        problem = "";
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = colon < 0 ? ("", "") : (reference[..colon], reference[(colon + 1)..]);
        var secret = kind switch
        {
            "env" => FromEnvironment(rest, ref problem),
            "file" => FromFile(rest, ref problem),
            "plain" => FromFileItself(rest, ref problem),
            _ => Fail("is not a reference: write env:NAME or file:PATH", ref problem),
        };

        if (secret is not null && !isDevelopment && IsWellKnown(secret))
        {
            return Fail("is one of the demo's well-known secrets, which are refused outside Development", ref problem);
        }

        return secret;
    }

    /// <returns>Null if the key is missing. Also null if the reference cannot be resolved, which is then reported.</returns>
    public string? Read(YamlMap map, string key)
    {
        var place = map.PlaceOf(key);
        if (map.Text(key) is not { } reference)
        {
            return null;
        }

        var secret = Resolve(reference, out var problem);
        if (secret is null)
        {
            map.Report(place, $"'{key}' {problem}.");
        }

        return secret;
    }

    private static bool IsWellKnown(string secret) =>
        secret.EndsWith("-demo-secret", StringComparison.OrdinalIgnoreCase)
        || secret.StartsWith("correct-horse-", StringComparison.OrdinalIgnoreCase);

    private static string? FromEnvironment(string name, ref string problem) =>
        name.Length > 0 && Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : Fail($"refers to the environment variable '{name}', which is not set", ref problem);

    private string? FromFile(string path, ref string problem)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(baseFolder, path)).TrimEnd('\r', '\n');
            return text.Length > 0 ? text : Fail($"refers to the file '{path}', which is empty", ref problem);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Fail($"refers to the file '{path}', which cannot be read", ref problem);
        }
    }

    private string? FromFileItself(string value, ref string problem) =>
        !isDevelopment
        ? Fail("is written in the file itself, which is refused outside Development: write env:NAME or file:PATH", ref problem)
        : value.Length > 0 ? value
        : Fail("is empty", ref problem);

    private static string? Fail(string message, ref string problem)
    {
        problem = message;
        return null;
    }
}
