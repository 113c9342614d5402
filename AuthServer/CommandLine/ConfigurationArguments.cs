using System.Text.RegularExpressions;

namespace AuthServer.CommandLine;

/// <summary>Tells settings on the command line (<c>--Database:Provider=Postgres</c>) from the options of a command.</summary>
internal static partial class ConfigurationArguments
{
    /// <summary>A setting has a colon in its key; these host settings are the ones without.</summary>
    private static readonly string[] HostSettings = ["--environment", "--contentRoot", "--applicationName", "--urls"];

    private static readonly string[] About = ["--help", "--version"];

    public static (string[] Settings, string[] Command) Split(string[] args)
    {
        // No command: it is the server, to which everything is a setting.
        if (args.Length is 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && !About.Contains(args[0])))
        {
            return (args, []);
        }

        var settings = new List<string>();
        var rest = new List<string>();
        for (var index = 0; index < args.Length; index++)
        {
            var key = args[index].Split('=', 2)[0];
            if (!IsSetting().IsMatch(key) && !HostSettings.Contains(key, StringComparer.OrdinalIgnoreCase))
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
