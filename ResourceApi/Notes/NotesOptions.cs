namespace ResourceApi.Notes;

/// <summary>The section <c>Notes</c>: the sign-in that the API requires before it deletes all notes of a user at once (RFC 9470).</summary>
internal sealed class NotesOptions
{
    public const string Section = "Notes";

    /// <summary>How long ago that <see href="sign-in.md#how-strong">sign-in</see> may be.</summary>
    /// <value>1 second to 1 day</value>
    public TimeSpan DeleteAllMaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How strong that sign-in has to be: levels as the issuer names them in <c>acr</c>. One of them is enough. Without it any sign-in is
    /// enough.
    /// </summary>
    /// <value>levels separated by spaces, such as <c>aal2 phr</c></value>
    public string DeleteAllAcrValues { get; set; } = "";

    internal string[] AcrList => DeleteAllAcrValues.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
