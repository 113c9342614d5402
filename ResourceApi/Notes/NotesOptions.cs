namespace ResourceApi.Notes;

/// <summary>Section <c>Notes</c>: what the API asks of a person's sign-in before it lets go of all their notes at once (RFC 9470).</summary>
internal sealed class NotesOptions
{
    /// <summary>How long ago it may be. Default: 5 minutes; 1 second to 1 day.</summary>
    public TimeSpan DeleteAllMaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How strong it has to be: levels as the issuer names them in <c>acr</c>, of which one is enough, separated by spaces. Default: any.</summary>
    public string DeleteAllAcrValues { get; set; } = "";

    internal bool MaxAgeIsUsable => DeleteAllMaxAge >= TimeSpan.FromSeconds(1) && DeleteAllMaxAge <= TimeSpan.FromDays(1);

    // RFC 6749 Appendix A.4: what can stand in the challenge's quotes.
    internal bool AcrValuesAreUsable => DeleteAllAcrValues.All(character => character is >= ' ' and <= '~' and not ('"' or '\\'));

    internal string[] AcrList => DeleteAllAcrValues.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
