using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthServer.Platform;

/// <summary>
/// A mapping of the file, read key by key. A key that is invalid, missing or unknown becomes a problem with its place. Reading
/// continues, so that all problems are found at once.
/// </summary>
internal sealed class YamlMap
{
    private readonly Dictionary<string, (Place Key, YamlNode Value)> left = new(StringComparer.Ordinal);
    private readonly List<PlatformProblem> problems;
    private readonly Func<YamlNode, Place> placeOf;

    /// <param name="placeOf">By default the place in the file.</param>
    public YamlMap(YamlNode node, List<PlatformProblem> problems, Func<YamlNode, Place>? placeOf = null)
    {
        this.problems = problems;
        this.placeOf = placeOf ?? (part => new Place(part.Start.Line, part.Start.Column));
        Place = At(node);
        if (node is not YamlMappingNode mapping)
        {
            Report(Place, "A mapping (key: value) is expected here.");
            return;
        }

        foreach (var (key, value) in mapping)
        {
            if (key is YamlScalarNode { Value: { } name })
            {
                left[name] = (At(key), value);
            }
            else
            {
                Report(At(key), "A key must be text.");
            }
        }
    }

    public Place Place { get; }

    /// <summary>The place of a key's value, or of the mapping if the key is missing.</summary>
    public Place PlaceOf(string key) => left.TryGetValue(key, out var entry) ? At(entry.Value) : Place;

    public string? Text(string key) => Take(key) is { } value ? Scalar(value, key) : null;

    public string RequiredText(string key)
    {
        if (Text(key) is { Length: > 0 } text)
        {
            return text;
        }

        Report(Place, $"'{key}' is missing.");
        return "";
    }

    public bool Flag(string key)
    {
        var place = PlaceOf(key);
        switch (Text(key))
        {
            case null or "false":
                return false;
            case "true":
                return true;
            default:
                Report(place, $"'{key}' must be true or false.");
                return false;
        }
    }

    public TimeSpan? Time(string key, bool zeroIsAllowed = false)
    {
        var place = PlaceOf(key);
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (Duration.TryParse(text, out var duration) && (zeroIsAllowed || duration > TimeSpan.Zero))
        {
            return duration;
        }

        Report(place, $"'{key}' must be {Duration.Form}.");
        return null;
    }

    public IReadOnlyList<(Place Place, string Name)> Names(string key) =>
        [.. Items(key).Select(item => (At(item), Scalar(item, key))).Where(item => item.Item2.Length > 0)];

    /// <summary>Each item of a list is a name or a mapping; the other part is null.</summary>
    public IReadOnlyList<(Place Place, string? Name, YamlMap? Map)> NamesOrMaps(string key) =>
    [
        .. Items(key)
            .Select(item => item is YamlMappingNode
                ? (At(item), null, new YamlMap(item, problems, placeOf))
                : (At(item), Scalar(item, key), (YamlMap?)null))
            .Where(item => item.Item2 is not ""),
    ];

    public IEnumerable<YamlMap> Maps(string key) => Items(key).Select(item => new YamlMap(item, problems, placeOf));

    /// <returns>Null if the key holds no mapping. It can then still be read as something else.</returns>
    public YamlMap? MapOrNull(string key) =>
        left.GetValueOrDefault(key).Value is YamlMappingNode && Take(key) is { } value ? new YamlMap(value, problems, placeOf) : null;

    /// <summary>Reports a text that is longer than its column.</summary>
    public void Bound(Place place, string key, string? text, int most)
    {
        if (text?.Length > most)
        {
            Report(place, $"'{key}' has {text.Length} characters; it may have {most}.");
        }
    }

    /// <summary>Reports every key that was not read.</summary>
    public void End()
    {
        foreach (var (key, (place, _)) in left)
        {
            Report(place, $"'{key}' is not known here.");
        }
    }

    public void Report(Place place, string message) => problems.Add(new PlatformProblem(place, message));

    private Place At(YamlNode node) => placeOf(node);

    private List<YamlNode> Items(string key)
    {
        var value = Take(key);
        if (value is YamlSequenceNode sequence)
        {
            return [.. sequence];
        }

        if (value is not (null or YamlScalarNode { Value: null or "", Style: ScalarStyle.Plain }))
        {
            Report(At(value), $"'{key}' must be a list.");
        }

        return [];
    }

    private string Scalar(YamlNode node, string key)
    {
        if (node is YamlScalarNode { Value: { } text } && !text.Any(char.IsControl))
        {
            return text.Trim();
        }

        Report(At(node), $"'{key}' must be text on one line.");
        return "";
    }

    private YamlNode? Take(string key) => left.Remove(key, out var entry) ? entry.Value : null;
}
