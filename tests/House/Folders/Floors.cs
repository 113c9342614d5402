namespace House.Folders;

/// <summary>Sorts the folders of a program into floors: each folder knows only folders of lower floors.</summary>
internal static class Floors
{
    /// <returns>The floors, the lowest first. Folders that are part of a circle are on no floor.</returns>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyList<Arrow> arrows)
    {
        var left = arrows.SelectMany(arrow => new[] { arrow.From, arrow.To }).ToHashSet();
        var floors = new List<IReadOnlyList<string>>();
        while (left.Where(folder => !arrows.Any(arrow => arrow.From == folder && left.Contains(arrow.To)))
            .Order(StringComparer.Ordinal).ToList() is { Count: > 0 } floor)
        {
            floors.Add(floor);
            left.ExceptWith(floor);
        }

        return floors;
    }

    /// <summary>The arrows that are part of a circle: the known folder leads back to the folder that knows it.</summary>
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
