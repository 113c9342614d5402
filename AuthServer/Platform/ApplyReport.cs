namespace AuthServer.Platform;

/// <summary>The result of an apply: its changes, and the reason for each change that it did not make.</summary>
internal sealed class ApplyReport
{
    private readonly List<string> changes = [];
    private readonly List<string> kept = [];
    private readonly List<PlatformProblem> problems = [];
    private readonly List<PlatformProblem> warnings = [];

    /// <summary>One line for each change: <c>created app orders</c>.</summary>
    public IReadOnlyList<string> Changes => changes;

    /// <summary>One line for each row that stays different from the file: <c>kept app shop: name was changed here</c>.</summary>
    public IReadOnlyList<string> Kept => kept;

    /// <summary>If there are any, nothing was changed.</summary>
    public IReadOnlyList<PlatformProblem> Problems => problems;

    /// <summary>Entries that could not be applied, or only in part. Everything else was applied.</summary>
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

    /// <summary>Reports a row that existed before the file and is not changed.</summary>
    public void Adopted(string what)
    {
        AdoptedCount++;
        changes.Add($"adopted {what}");
    }

    public void Unchanged() => UnchangedCount++;

    /// <summary>Reports, in addition to one of the others, how a row stays different from the file.</summary>
    public void Keep(string what) => kept.Add($"kept {what}");

    public void Problem(Place place, string message) => problems.Add(new PlatformProblem(place, message));

    public void Warning(Place place, string message) => warnings.Add(new PlatformProblem(place, message));

    public override string ToString() =>
        $"{CreatedCount} created, {ChangedCount} changed, {(AdoptedCount > 0 ? $"{AdoptedCount} adopted, "
            + "" : "")}{UnchangedCount} unchanged";
}
