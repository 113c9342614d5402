using System.Text.RegularExpressions;
using AuthServer.Hosting;
using YamlDotNet.RepresentationModel;

namespace AuthServer.Platform;

/// <summary>
/// Fields that the administration API got, for the readers of platform files: both have the same rules. The keys are those of the file,
/// the names of the fields are the same in camel case. In place of a line, a problem has the number of the field.
/// </summary>
internal sealed partial class SentFields
{
    private readonly YamlMappingNode root = [];
    private readonly Dictionary<YamlNode, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> names = [""];
    private readonly List<PlatformProblem> problems = [];

    public void Add(string key, string? text)
    {
        if (text is not null)
        {
            root.Add(key, Numbered(new YamlScalarNode(text), Camel(key)));
        }
    }

    public void Add(string key, IReadOnlyList<string>? items)
    {
        if (items is not null)
        {
            var name = Camel(key);
            root.Add(key, Numbered(
                new YamlSequenceNode(items.Select((item, index) => Numbered(new YamlScalarNode(item), $"{name}/{index}"))), name));
        }
    }

    public void Add(string key, IReadOnlyDictionary<string, string>? texts)
    {
        if (texts is not null)
        {
            var name = Camel(key);
            root.Add(key, Numbered(
                new YamlMappingNode(texts.Select(text => KeyValuePair.Create<YamlNode, YamlNode>(
                    new YamlScalarNode(text.Key), Numbered(new YamlScalarNode(text.Value), $"{name}/{text.Key}")))),
                name));
        }
    }

    public YamlMap ToMap() => new(root, problems, node => new Place(numbers.GetValueOrDefault(node), 0));

    /// <exception cref="OperationException">A reader has reported a problem.</exception>
    public void Check()
    {
        if (problems.Count > 0)
        {
            var field = names[(int)problems[0].Place.Line];
            throw new OperationException(
                OperationFault.Invalid,
                string.Join(Environment.NewLine, problems.Select(problem => Key().Replace(problem.Message, match => Camel(match.Value)))),
                field.Length > 0 ? field : null);
        }
    }

    private YamlNode Numbered(YamlNode node, string name)
    {
        numbers[node] = names.Count;
        names.Add(name);
        return node;
    }

    private static string Camel(string key) => Underscore().Replace(key, match => match.Groups[1].Value.ToUpperInvariant());

    [GeneratedRegex("_([a-z])")]
    private static partial Regex Underscore();

    // A key in a message.
    [GeneratedRegex("'[a-z]+(_[a-z]+)+'")]
    private static partial Regex Key();
}
