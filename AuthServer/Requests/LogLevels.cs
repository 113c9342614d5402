using Serilog.Events;

namespace AuthServer.Requests;

/// <summary>The section <c>Serilog:MinimumLevel</c>: how much is logged.</summary>
internal sealed class LogLevels
{
    public const string Section = "Serilog:MinimumLevel";

    /// <summary>
    /// The lowest level that each source can be set to. Below it the source logs the content of requests and answers: OpenIddict whole
    /// messages, the host query strings, EF parameters, HTTP clients headers.
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
    /// Sources that are quieter than <see cref="Default"/> unless a setting says otherwise. The errors of EF's lower layers are also thrown
    /// as exceptions and are logged where those are caught.
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

    /// <summary>The level of every source that has none of its own.</summary>
    public LogEventLevel Default { get; set; } = LogEventLevel.Information;

    /// <summary>
    /// The level of the sources whose name begins with <c>NAME</c>, for example <c>AuthServer.Connect</c>. Some sources could log tokens or
    /// passwords: they cannot be set below a safe level.
    /// </summary>
    public Dictionary<string, LogEventLevel> Override { get; set; } = [];

    /// <summary>The level of each source that has its own.</summary>
    public Dictionary<string, LogEventLevel> Effective()
    {
        var asked = new Dictionary<string, LogEventLevel>(Quiet, StringComparer.Ordinal);
        foreach (var (source, level) in Override)
        {
            asked[source] = level;
        }

        return asked.Keys.Union(Floors.Keys).ToDictionary(
            source => source, source => Max(Nearest(asked, source) ?? Default, Floor(source)));
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
