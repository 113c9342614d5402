namespace AuthServer.AdminApi;

/// <summary>Reads the bodies of bulk operations: an action and a filter for a preview, or a digest for a step.</summary>
internal static class BulkInput
{
    /// <returns>True for a step, false for a preview.</returns>
    /// <exception cref="AdminProblem">It is neither, or both.</exception>
    public static bool IsStep(string? digest, string? action, IReadOnlyList<string> actions, object? filter)
    {
        if (digest is not null)
        {
            return action is null && filter is null
                ? true
                : throw Require.Wrong("digest", "It is sent alone: it stands for all that the preview was about.");
        }

        if (action is null || !actions.Contains(action))
        {
            throw Require.Wrong("action", $"It is one of: {string.Join(", ", actions)}. Or send the 'digest' of a preview.");
        }

        return filter is not null ? false : throw NoFilter();
    }

    public static AdminProblem NoFilter() =>
        Require.Wrong("filter", "At least one field is needed: otherwise it would be everybody.");

    /// <exception cref="AdminProblem">There are too many ids for one statement.</exception>
    public static void RequireIds(IReadOnlyList<Guid>? ids)
    {
        if (ids?.Count is 0 or > MostIds)
        {
            throw Require.Wrong("filter/ids", $"It has 1 to {MostIds} ids.");
        }
    }

    private const int MostIds = 500;
}
