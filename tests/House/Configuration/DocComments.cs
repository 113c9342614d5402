using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace House.Configuration;

/// <summary>The documentation comments of an assembly, from the XML file that the compiler writes beside it.</summary>
internal sealed partial class DocComments(Assembly assembly)
{
    private readonly Dictionary<string, XElement> members =
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace)
            .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    public string Summary(Type type) => Markdown(Member($"T:{type.FullName}")?.Element("summary"));

    public string Summary(PropertyInfo property) => Markdown(Member(property)?.Element("summary"));

    /// <summary>The range of a setting: the content of <c>value</c>.</summary>
    public string Range(PropertyInfo property) => Markdown(Member(property)?.Element("value"));

    /// <summary>A default that the property's initial value does not show: the attribute <c>default</c> of <c>value</c>.</summary>
    public string? Default(PropertyInfo property) => Member(property)?.Element("value")?.Attribute("default")?.Value;

    private XElement? Member(PropertyInfo property) => Member($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private XElement? Member(string name) => members.GetValueOrDefault(name);

    private static string Markdown(XElement? comment) =>
        comment is null ? "" : Space().Replace(string.Concat(comment.Nodes().Select(Markdown)), " ").Trim();

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see when see.Attribute("href") is { } address => $"[{see.Value}]({address.Value})",
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } name => $"`{name.Value.Split('.')[^1]}`",
        _ => throw new InvalidOperationException($"'{node}' cannot stand in the documentation comment of a setting."),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
