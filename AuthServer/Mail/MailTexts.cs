using System.Globalization;
using System.Resources;

namespace AuthServer.Mail;

/// <summary>The words of mails in one language, from <c>MailTexts.resx</c> (English) and <c>MailTexts.ko.resx</c>.</summary>
internal sealed class MailTexts(string language)
{
    public const string English = "en";
    public const string Korean = "ko";

    private readonly CultureInfo culture = CultureInfo.GetCultureInfo(language);

    public static ResourceManager Resources { get; } = new(typeof(MailTexts));

    public string Language => language;

    /// <param name="tag">A language tag (RFC 5646), or none.</param>
    /// <returns>The language that a mail to its speaker has.</returns>
    public static string LanguageOf(string? tag) => tag?.Split('-', '_')[0].Equals(Korean, StringComparison.OrdinalIgnoreCase) is true ? Korean : English;

    /// <exception cref="MissingManifestResourceException">There is no such text.</exception>
    public string Get(string name, params object[] values) =>
        string.Format(culture, Resources.GetString(name, culture) ?? throw new MissingManifestResourceException(name), values);

    /// <summary>In the largest unit that it is a whole number of, and never more than it is.</summary>
    public string Duration(TimeSpan duration)
    {
        var (count, unit) =
            duration.Ticks % TimeSpan.TicksPerDay is 0 ? (duration.Ticks / TimeSpan.TicksPerDay, "Day")
            : duration.Ticks % TimeSpan.TicksPerHour is 0 ? (duration.Ticks / TimeSpan.TicksPerHour, "Hour")
            : (duration.Ticks / TimeSpan.TicksPerMinute, "Minute");
        return count is 1 ? Get(unit) : Get(unit + "s", count);
    }

    /// <summary>In UTC, which it says: where the person is, nobody knows.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
