namespace AuthServer.Protocol;

/// <summary>
/// The languages of pages, mails and descriptions of scopes (<c>ui_locales</c>: OpenID Connect Core 3.1.2.1), as language subtags of
/// RFC 5646.
/// </summary>
internal static class UiLocales
{
    /// <summary>With the name that its readers give it. The first one is the default.</summary>
    public static readonly IReadOnlyList<(string Tag, string Name)> Named =
        [("en", "English"), ("ko", "한국어"), ("ja", "日本語"), ("de", "Deutsch"), ("es", "Español")];

    public static readonly IReadOnlyList<string> All = [.. Named.Select(language => language.Tag)];

    /// <summary>For whoever prefers none of the others.</summary>
    public static string Default => All[0];

    /// <param name="tag">A language tag. A region is ignored: <c>ko-KR</c> is <c>ko</c>.</param>
    /// <returns>Null if there are no texts in this language.</returns>
    public static string? Find(string? tag) =>
        All.FirstOrDefault(known => known.Equals(tag?.Split('-', '_')[0], StringComparison.OrdinalIgnoreCase));
}
