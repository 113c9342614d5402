using System.Reflection;

namespace House.Configuration;

/// <summary>
/// <c>docs/configuration.md</c>: every setting of the three programs. It is made from the documentation comments of the options
/// classes and from their values when nothing is set. <see cref="Elsewhere"/> has the settings that belong to no options class.
/// </summary>
internal static class ConfigurationPage
{
    public static Document Document { get; } = new("docs/configuration.md", Make);

    public static IReadOnlyList<Section> AuthServer { get; } =
        [.. Section.Of(Assembly.Load("AuthServer")).Concat(Elsewhere.AuthServer).OrderBy(section => section.Name, StringComparer.Ordinal)];

    private static string Make() =>
        Elsewhere.Introduction
        + "\n## AuthServer\n" + Text(AuthServer)
        + Elsewhere.Hosting
        + "\n## ResourceApi\n" + Elsewhere.Examples + Text(Example("ResourceApi"))
        + "\n## SampleClient\n" + Elsewhere.Examples + Text(Example("SampleClient"));

    private static string Text(IEnumerable<Section> sections) => string.Concat(sections.Select(section => section.Text));

    private static IEnumerable<Section> Example(string program) =>
        Section.Of(Built(program)).Append(Elsewhere.ExampleLogs).OrderBy(section => section.Name, StringComparer.Ordinal);

    private static Assembly Built(string program) => Assembly.LoadFrom(Path.Combine(Repository.OutputOf(program), $"{program}.dll"));
}
