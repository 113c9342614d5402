namespace AuthServer.Hosting;

/// <summary>
/// Reads settings from files: <c>Mail__Password__File=/run/secrets/mail</c> sets <c>Mail__Password</c>. A secret is then
/// neither in the environment, which every process of the user can read, nor in a compose file.
/// </summary>
internal static class SettingFiles
{
    private const string Suffix = ":File";

    // Settings whose own name ends like this.
    private static readonly string[] Own = ["Platform:File"];

    /// <exception cref="OperatorException">A file cannot be used. The message lists all such files.</exception>
    public static void AddSettingFiles(this ConfigurationManager configuration)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var faults = new List<string>();
        foreach (var (key, path) in configuration.AsEnumerable()
            .Where(setting => IsOfFile(setting.Key, setting.Value)).OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            var setting = key[..^Suffix.Length];
            if (configuration[setting] is { Length: > 0 })
            {
                faults.Add($"{setting} and {key} are both set; remove one of them.");
            }
            else if (TryRead(path!, out var text, out var problem))
            {
                values[setting] = text;
            }
            else
            {
                faults.Add($"{key} names '{path}', which {problem}.");
            }
        }

        if (faults.Count > 0)
        {
            throw new OperatorException(
                string.Join(Environment.NewLine, faults.Select(fault => "  " + fault).Prepend("Settings are missing or wrong:")));
        }

        if (values.Count > 0)
        {
            configuration.AddInMemoryCollection(values);
        }
    }

    private static bool IsOfFile(string key, string? value) =>
        value is { Length: > 0 } && key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) && key.Length > Suffix.Length
        && !Own.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static bool TryRead(string path, out string text, out string problem)
    {
        (text, problem) = ("", "is empty");
        try
        {
            // Editors and echo add a line end, which is not part of a password.
            text = File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = "does not exist";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"cannot be read: {exception.Message.TrimEnd('.')}";
        }

        return text.Length > 0;
    }
}
