using System.Text;

namespace AuthServer.Users;

/// <summary>
/// Whether two names look alike though they are written in different scripts, after the idea of Unicode Technical Standard 39 4:
/// each letter is put as the Latin one that it looks like, and names of one skeleton are one to the eye.
/// </summary>
internal static class Confusables
{
    // Made by hand: letters of Cyrillic, Greek and Armenian that usual fonts draw as a Latin letter does, in lower or in upper case,
    // because names are compared without case. The last row has Latin letters that look like another one. Accents stay as they are.
    private static readonly Dictionary<char, char> Latin = Pairs(
        "аaвbсcԁdеeһhіiјjкkмmнhоoрpԛqѕsтtуyѵvԝwхxьbӏlүyғf",
        "αaβbεeζzηhιiκkμmνvοoρpτtυyχxγyϲcϳj",
        "օoսuհhոnցgյjզqլlաw",
        "ıiɡgɑaʟlɪiʏy");

    /// <param name="comparable">A name as <see cref="UserNames.Comparable"/> makes it.</param>
    public static string SkeletonOf(string comparable) =>
        string.Concat(comparable.ToLowerInvariant().Normalize(NormalizationForm.FormD).Select(character => Latin.GetValueOrDefault(character, character)))
            .Normalize().ToUpperInvariant();

    private static Dictionary<char, char> Pairs(params string[] rows) =>
        rows.SelectMany(row => row.Chunk(2)).ToDictionary(pair => pair[0], pair => pair[1]);
}
