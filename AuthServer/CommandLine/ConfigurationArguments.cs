using System.Text.RegularExpressions;

namespace AuthServer.CommandLine;

/// <summary>Separates settings on the command line (<c>--Database:Provider=Postgres</c>) from a command and its options.</summary>
internal static partial class ConfigurationArguments
{
    /// <summary>The common settings of the host. Unlike other settings, their keys have no colon.</summary>
    private static readonly string[] HostSettings = ["--environment", "--contentRoot", "--applicationName", "--urls"];

    public static (string[] Settings, string[] Command) Split(string[] args)
    {
        var settings = new List<string>();
        var rest = new List<string>();
        for (var index = 0; index < args.Length; index++)
        {
            var key = args[index].Split('=', 2)[0];

            // A --key=value before the command is a setting of the host: a command's options come after the command.
            var isHostsOwn = rest.Count is 0 && key.StartsWith("--", StringComparison.Ordinal) && key != args[index];
            if (!isHostsOwn && !IsSetting().IsMatch(key) && !HostSettings.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                rest.Add(args[index]);
                continue;
            }

            settings.Add(args[index]);
            if (key == args[index] && index + 1 < args.Length)
            {
                settings.Add(args[++index]);
            }
        }

        return ([.. settings], [.. rest]);
    }

    [GeneratedRegex("^--[A-Za-z][A-Za-z0-9]*(:[A-Za-z0-9.]+)+$")]
    private static partial Regex IsSetting();
}
