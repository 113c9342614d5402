using System.Globalization;
using System.Resources;
using AuthServer.Protocol;

namespace AuthServer.Mail;

/// <summary>The texts of mails in one language, from <c>MailTexts.resx</c> (English), <c>MailTexts.ko.resx</c> and so on.</summary>
internal sealed class MailTexts(string language)
{
    private readonly CultureInfo culture = CultureInfo.GetCultureInfo(language);

    public static ResourceManager Resources { get; } = new(typeof(MailTexts));

    public string Language => language;

    /// <param name="tag">A language tag (RFC 5646), or null.</param>
    /// <returns>The language of mails to a person who prefers that language.</returns>
    public static string LanguageOf(string? tag) =>
        UiLocales.Find(tag) ?? UiLocales.Default;

    /// <exception cref="MissingManifestResourceException">There is no such text.</exception>
    public string Get(string name, params object[] values) =>
        string.Format(culture, Resources.GetString(name, culture) ?? throw new MissingManifestResourceException(name), values);

    /// <summary>The text of this kind of mail, or the one that several kinds share.</summary>
    /// <exception cref="MissingManifestResourceException">There is no such text.</exception>
    public string Get(MailKind kind, string part, string product) =>
        Get(Resources.GetString($"{kind}.{part}", culture) is null ? $"Notice.{part}" : $"{kind}.{part}", product);

    /// <summary>The duration in days, hours or minutes: the largest unit without a remainder. Seconds are cut off.</summary>
    public string Duration(TimeSpan duration)
    {
        var (count, unit) =
            duration.Ticks % TimeSpan.TicksPerDay is 0 ? (duration.Ticks / TimeSpan.TicksPerDay, "Day")
            : duration.Ticks % TimeSpan.TicksPerHour is 0 ? (duration.Ticks / TimeSpan.TicksPerHour, "Hour")
            : (duration.Ticks / TimeSpan.TicksPerMinute, "Minute");
        return count is 1 ? Get(unit) : Get(unit + "s", count);
    }

    /// <summary>In UTC, and the text says so: the person's time zone is not known.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
