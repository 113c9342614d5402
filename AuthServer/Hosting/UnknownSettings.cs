namespace AuthServer.Hosting;

/// <summary>A section of the configuration that is this program's alone.</summary>
/// <param name="Keys">All that may stand in it.</param>
internal sealed record KnownSection(string Path, IReadOnlyList<string> Keys);

/// <summary>
/// Names settings that nobody reads: a typo would otherwise leave a default in place, in silence. A warning and no failed start, because an
/// older version that is rolled back to does not know the settings of a newer one.
/// </summary>
internal static partial class UnknownSettings
{
    /// <summary>Keys only: a value may be a secret.</summary>
    public static void Warn(IServiceProvider services, ILogger logger)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        foreach (var section in services.GetServices<KnownSection>())
        {
            foreach (var setting in configuration.GetSection(section.Path).GetChildren().Where(child => !section.Keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            {
                Log.Unknown(logger, setting.Path, section.Path, string.Join(", ", section.Keys));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Setting} is no setting and has no effect; {Section} has {Known}")]
        public static partial void Unknown(ILogger logger, string setting, string section, string known);
    }
}
