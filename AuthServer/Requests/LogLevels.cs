using Serilog.Events;

namespace AuthServer.Requests;

/// <summary>
/// The section <c>Serilog:MinimumLevel</c>: <c>Verbose</c>, <c>Debug</c>, <c>Information</c>, <c>Warning</c>,
/// <c>Error</c> or <c>Fatal</c>.
/// </summary>
internal sealed class LogLevels
{
    public const string Section = "Serilog:MinimumLevel";

    /// <summary>
    /// What may not be turned up any further, because lower down it writes what requests and answers hold: OpenIddict
    /// whole messages, the host the query string, EF and HTTP clients their parameters and headers.
    /// </summary>
    private static readonly Dictionary<string, LogEventLevel> Floors = new(StringComparer.Ordinal)
    {
        ["OpenIddict"] = LogEventLevel.Warning,
        ["Microsoft.AspNetCore"] = LogEventLevel.Information,
        ["Microsoft.AspNetCore.Hosting"] = LogEventLevel.Warning,
        ["Microsoft.AspNetCore.HttpLogging"] = LogEventLevel.Fatal,
        ["Microsoft.EntityFrameworkCore"] = LogEventLevel.Information,
        ["Microsoft.IdentityModel"] = LogEventLevel.Warning,
        ["System.Net.Http"] = LogEventLevel.Information,
    };

    /// <summary>
    /// What is quieter than <see cref="Default"/> until it is asked for. The errors of EF's lower layers travel as
    /// exceptions too and are logged where those end.
    /// </summary>
    private static readonly Dictionary<string, LogEventLevel> Quiet = new(StringComparer.Ordinal)
    {
        ["Microsoft"] = LogEventLevel.Warning,
        ["Microsoft.EntityFrameworkCore.Database"] = LogEventLevel.Fatal,
        ["Microsoft.EntityFrameworkCore.Query"] = LogEventLevel.Fatal,
        ["Microsoft.EntityFrameworkCore.Update"] = LogEventLevel.Fatal,
        ["Microsoft.Hosting.Lifetime"] = LogEventLevel.Information,
        ["OpenIddict"] = LogEventLevel.Warning,
        ["System"] = LogEventLevel.Warning,
    };

    /// <summary>Default: <c>Information</c>.</summary>
    public LogEventLevel Default { get; set; } = LogEventLevel.Information;

    /// <summary>A level by the beginning of a source, <c>Override:AuthServer.Connect</c> = <c>Debug</c>. Some have a floor.</summary>
    public Dictionary<string, LogEventLevel> Override { get; set; } = [];

    /// <summary>The level of each source that has one of its own.</summary>
    public Dictionary<string, LogEventLevel> Effective()
    {
        var asked = new Dictionary<string, LogEventLevel>(Quiet, StringComparer.Ordinal);
        foreach (var (source, level) in Override)
        {
            asked[source] = level;
        }

        return asked.Keys.Union(Floors.Keys).ToDictionary(source => source, source => Max(Nearest(asked, source) ?? Default, Floor(source)));
    }

    private static LogEventLevel Floor(string source) => Nearest(Floors, source) ?? LogEventLevel.Verbose;

    private static LogEventLevel Max(LogEventLevel left, LogEventLevel right) => left > right ? left : right;

    private static LogEventLevel? Nearest(Dictionary<string, LogEventLevel> levels, string source)
    {
        for (var prefix = source; prefix.Length > 0; prefix = prefix[..Math.Max(0, prefix.LastIndexOf('.'))])
        {
            if (levels.TryGetValue(prefix, out var level))
            {
                return level;
            }
        }

        return null;
    }
}
