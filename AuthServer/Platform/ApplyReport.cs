namespace AuthServer.Platform;

/// <summary>What an apply did, or why it did nothing.</summary>
internal sealed class ApplyReport
{
    private readonly List<string> changes = [];
    private readonly List<string> kept = [];
    private readonly List<PlatformProblem> problems = [];
    private readonly List<PlatformProblem> warnings = [];

    /// <summary>One line a change: <c>created app orders</c>.</summary>
    public IReadOnlyList<string> Changes => changes;

    /// <summary>One line for each row that is left other than the file says: <c>kept user carl: email was changed here</c>.</summary>
    public IReadOnlyList<string> Kept => kept;

    /// <summary>Because of these nothing was changed.</summary>
    public IReadOnlyList<PlatformProblem> Problems => problems;

    /// <summary>Entries that could not be applied, or only in part; all else was.</summary>
    public IReadOnlyList<PlatformProblem> Warnings => warnings;

    public int CreatedCount { get; private set; }

    public int ChangedCount { get; private set; }

    public int UnchangedCount { get; private set; }

    public int AdoptedCount { get; private set; }

    public void Created(string what)
    {
        CreatedCount++;
        changes.Add($"created {what}");
    }

    public void Changed(string what)
    {
        ChangedCount++;
        changes.Add($"changed {what}");
    }

    /// <summary>It was there before the file was, and is not touched.</summary>
    public void Adopted(string what)
    {
        AdoptedCount++;
        changes.Add($"adopted {what}");
    }

    public void Unchanged() => UnchangedCount++;

    /// <summary>Beside one of the others: says in what the row stays other than the file.</summary>
    public void Keep(string what) => kept.Add($"kept {what}");

    public void Problem(Place place, string message) => problems.Add(new PlatformProblem(place, message));

    public void Warning(Place place, string message) => warnings.Add(new PlatformProblem(place, message));

    public override string ToString() =>
        $"{CreatedCount} created, {ChangedCount} changed, {(AdoptedCount > 0 ? $"{AdoptedCount} adopted, " : "")}{UnchangedCount} unchanged";
}
