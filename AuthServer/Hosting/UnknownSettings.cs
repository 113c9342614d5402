namespace AuthServer.Hosting;

/// <summary>A configuration section that only this program uses.</summary>
/// <param name="Keys">All keys that the section may have.</param>
internal sealed record KnownSection(string Path, IReadOnlyList<string> Keys);

/// <summary>
/// Warns about settings that nothing reads. Otherwise a typo would silently leave a default in place. The start does not fail, because
/// after a rollback the older version does not know the settings of the newer one.
/// </summary>
internal static partial class UnknownSettings
{
    /// <summary>Logs only keys: a value may be a secret.</summary>
    public static void Warn(IServiceProvider services, ILogger logger)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        foreach (var section in services.GetServices<KnownSection>())
        {
            foreach (var setting in configuration.GetSection(section.Path).GetChildren()
                .Where(child => !section.Keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            {
                Log.Unknown(logger, setting.Path, section.Path, string.Join(", ", section.Keys));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Setting} is not a known setting and has no effect; {Section} has {Known}")]
        public static partial void Unknown(ILogger logger, string setting, string section, string known);
    }
}
