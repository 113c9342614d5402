using System.Text;

namespace AuthServer.Users;

/// <summary>
/// Finds the scripts of a name, after the idea of Unicode Technical Standard 39 5.2. Letters of Latin, Greek, Cyrillic and other
/// scripts look alike, so a name must be of one script. Korean, Japanese and Chinese names may also have Latin letters.
/// </summary>
internal static class Scripts
{
    private const string Latin = "Latin";
    private const string EastAsian = "East Asian";

    // Made by hand from the blocks of the Unicode Character Database: the scripts that have several blocks of 128 characters.
    private static readonly (int First, int Last, string Script)[] Ranges =
    [
        (0x0041, 0x024F, Latin), (0x0250, 0x02AF, Latin), (0x1D00, 0x1DBF, Latin), (0x1E00, 0x1EFF, Latin), (0x2C60, 0x2C7F, Latin),
        (0xA720, 0xA7FF, Latin), (0xAB30, 0xAB6F, Latin),
        (0x0370, 0x03FF, "Greek"), (0x1F00, 0x1FFF, "Greek"),
        (0x0400, 0x052F, "Cyrillic"), (0x1C80, 0x1C8F, "Cyrillic"), (0x2DE0, 0x2DFF, "Cyrillic"), (0xA640, 0xA69F, "Cyrillic"),
        (0x0530, 0x058F, "Armenian"),
        (0x0590, 0x05FF, "Hebrew"),
        (0x0600, 0x06FF, "Arabic"), (0x0750, 0x077F, "Arabic"), (0x0870, 0x08FF, "Arabic"),
        (0x0F00, 0x0FFF, "Tibetan"),
        (0x1000, 0x109F, "Myanmar"),
        (0x10A0, 0x10FF, "Georgian"), (0x1C90, 0x1CBF, "Georgian"), (0x2D00, 0x2D2F, "Georgian"),
        (0x1100, 0x11FF, EastAsian), (0x2E80, 0x2FDF, EastAsian), (0x3005, 0x31FF, EastAsian), (0x3400, 0x9FFF, EastAsian),
        (0xA960, 0xA97F, EastAsian),
        (0xAC00, 0xD7FF, EastAsian), (0xF900, 0xFAFF, EastAsian), (0x20000, 0x323AF, EastAsian),
        (0x1200, 0x139F, "Ethiopic"), (0x2D80, 0x2DDF, "Ethiopic"),
        (0x13A0, 0x13FF, "Cherokee"), (0xAB70, 0xABBF, "Cherokee"),
        (0x1400, 0x167F, "Canadian Aboriginal"),
        (0x1800, 0x18AF, "Mongolian"),
    ];

    public static bool AreMixed(string text)
    {
        var scripts = text.EnumerateRunes().Where(HasScript).Select(Of).ToHashSet(StringComparer.Ordinal);
        return scripts.Count > 1 && !scripts.SetEquals([Latin, EastAsian]);
    }

    // ASCII digits and symbols belong to every script. So do accents, which belong to the letter before them.
    private static bool HasScript(Rune rune) => rune.IsAscii ? Rune.IsLetter(rune) : rune.Value is not (>= 0x0300 and <= 0x036F);

    private static string Of(Rune rune)
    {
        var known = Array.Find(Ranges, range => rune.Value >= range.First && rune.Value <= range.Last).Script;

        // Every other script has one or two blocks of its own.
        return known ?? $"block {rune.Value >> 7}";
    }
}
