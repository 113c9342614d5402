using System.Text.RegularExpressions;

namespace AuthServer.CommandLine;

/// <summary>Tells settings on the command line (<c>--Database:Provider=Postgres</c>) from the options of a command.</summary>
internal static partial class ConfigurationArguments
{
    /// <summary>A setting has a colon in its key; these settings of the host are the common ones without.</summary>
    private static readonly string[] HostSettings = ["--environment", "--contentRoot", "--applicationName", "--urls"];

    public static (string[] Settings, string[] Command) Split(string[] args)
    {
        var settings = new List<string>();
        var rest = new List<string>();
        for (var index = 0; index < args.Length; index++)
        {
            var key = args[index].Split('=', 2)[0];

            // The options of a command stand behind it.
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
