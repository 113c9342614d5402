using System.Text;

namespace AuthServer.Users;

/// <summary>
/// Finds names that look alike although they are written in different scripts, after the idea of Unicode Technical Standard 39 4. Each
/// letter is replaced by the Latin letter that it looks like. Names with the same result, the skeleton, look the same.
/// </summary>
internal static class Confusables
{
    // Made by hand: Cyrillic, Greek and Armenian letters that usual fonts draw like a Latin letter, in lower or in upper case, because
    // names are compared without case. The last row has Latin letters that look like another one. Accents are kept.
    private static readonly Dictionary<char, char> Latin = Pairs(
        "аaвbсcԁdеeһhіiјjкkмmнhоoрpԛqѕsтtуyѵvԝwхxьbӏlүyғf",
        "αaβbεeζzηhιiκkμmνvοoρpτtυyχxγyϲcϳj",
        "օoսuհhոnցgյjզqլlաw",
        "ıiɡgɑaʟlɪiʏy");

    /// <param name="comparable">A name from <see cref="UserNames.Comparable"/>.</param>
    public static string SkeletonOf(string comparable) =>
        string.Concat(comparable.ToLowerInvariant().Normalize(NormalizationForm.FormD)
            .Select(character => Latin.GetValueOrDefault(character, character)))
            .Normalize().ToUpperInvariant();

    private static Dictionary<char, char> Pairs(params string[] rows) =>
        rows.SelectMany(row => row.Chunk(2)).ToDictionary(pair => pair[0], pair => pair[1]);
}
