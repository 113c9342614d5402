namespace House.Folders;

/// <summary>The folders of a program on floors: each one knows folders of lower floors only.</summary>
internal static class Floors
{
    /// <returns>From the ground up. Folders that are part of a circle stand on no floor.</returns>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyList<Arrow> arrows)
    {
        var left = arrows.SelectMany(arrow => new[] { arrow.From, arrow.To }).ToHashSet();
        var floors = new List<IReadOnlyList<string>>();
        while (left.Where(folder => !arrows.Any(arrow => arrow.From == folder && left.Contains(arrow.To))).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } floor)
        {
            floors.Add(floor);
            left.ExceptWith(floor);
        }

        return floors;
    }

    /// <summary>The arrows that run in a circle: the folder that is known leads back to the one that knows it.</summary>
    public static IReadOnlyList<Arrow> Circles(IReadOnlyList<Arrow> arrows)
    {
        var known = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        return [.. arrows.Where(arrow => Reach(arrow.To).Contains(arrow.From))];

        HashSet<string> Reach(string from)
        {
            var reached = new HashSet<string>();
            var next = new Stack<string>([from]);
            while (next.TryPop(out var folder))
            {
                if (reached.Add(folder))
                {
                    foreach (var other in known[folder])
                    {
                        next.Push(other);
                    }
                }
            }

            return reached;
        }
    }
}
