using System.Reflection;

namespace House.Configuration;

/// <summary>A section of a program's configuration, with an introduction of a sentence or two.</summary>
internal sealed record Section(string Name, string Introduction, IReadOnlyList<Setting> Settings)
{
    /// <summary>
    /// The sections of a program, one for each options class. An options class has a constant <c>Section</c>, and each of its
    /// public properties with a setter is a setting.
    /// </summary>
    public static IReadOnlyList<Section> Of(Assembly program)
    {
        var comments = new DocComments(program);
        return [.. from type in program.GetTypes()
                   where type.GetField("Section") is { IsLiteral: true }
                   select Of(type, comments)];
    }

    private static Section Of(Type type, DocComments comments)
    {
        var name = (string)type.GetField("Section")!.GetRawConstantValue()!;
        var options = Activator.CreateInstance(type)!;
        var settings = from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                       where property.SetMethod?.IsPublic is true
                       select Setting.Of(property, name, options, comments);
        return new(name, Introduce(name, comments.Summary(type)), [.. settings]);
    }

    // The comment begins with "The section `Mail`: " for a reader of the code; the page has the name in the heading.
    private static string Introduce(string name, string summary) =>
        summary.Split($"The section `{name}`: ", 2) is ["", { Length: > 0 } text]
            ? char.ToUpperInvariant(text[0]) + text[1..]
            : throw new InvalidOperationException($"The comment of the options of {name} must begin with 'The section <c>{name}</c>: '.");

    public string Text => $"""

        ### {Name}

        {Introduction}

        | Key | Default | Range | Meaning |
        |---|---|---|---|
        {string.Concat(Settings.Select(setting => setting.Row))}
        """;
}
