namespace SampleClient.App;

/// <summary>
/// An app's colour, so that users can tell two apps with one login apart. It follows from the name; the shades are in site.css.
/// </summary>
internal sealed record Accent(string Name, string Hex)
{
    private static readonly Accent[] Palette =
    [
        new("plum", "#86338f"),
        new("indigo", "#4148c8"),
        new("rust", "#a8431a"),
        new("teal", "#0f6d6a"),
    ];

    public static Accent Of(string appName) =>
        Palette[appName.Aggregate(0u, (hash, character) => unchecked((hash * 31) + character)) % (uint)Palette.Length];
}
