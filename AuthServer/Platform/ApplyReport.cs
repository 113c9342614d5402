namespace AuthServer.Platform;

/// <summary>What an apply did, or why it did nothing.</summary>
internal sealed class ApplyReport
{
    private readonly List<string> changes = [];
    private readonly List<PlatformProblem> problems = [];

    /// <summary>One line a change: <c>created app orders</c>.</summary>
    public IReadOnlyList<string> Changes => changes;

    public IReadOnlyList<PlatformProblem> Problems => problems;

    public int CreatedCount { get; private set; }

    public int ChangedCount { get; private set; }

    public int UnchangedCount { get; private set; }

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

    public void Unchanged() => UnchangedCount++;

    public void Problem(Place place, string message) => problems.Add(new PlatformProblem(place, message));

    public override string ToString() => $"{CreatedCount} created, {ChangedCount} changed, {UnchangedCount} unchanged";
}
