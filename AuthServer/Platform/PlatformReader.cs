using AuthServer.Administration;
using AuthServer.Users;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthServer.Platform;

/// <summary>Reads a platform file and checks everything that can be checked without a database.</summary>
internal sealed class PlatformReader(SecretReference secrets, bool isDevelopment)
{
    private readonly List<PlatformProblem> problems = [];
    private readonly AppReader apps = new(secrets, isDevelopment);
    private readonly UserReader users = new(secrets);

    /// <summary>All problems, in the order of the file.</summary>
    public IReadOnlyList<PlatformProblem> Problems =>
        [.. problems.OrderBy(problem => problem.Place.Line).ThenBy(problem => problem.Place.Column)];

    public PlatformDocument Read(TextReader text)
    {
        var yaml = new YamlStream();
        var parser = new Parser(text);
        try
        {
            yaml.Load(parser);
        }
        catch (YamlException exception)
        {
            return NotYaml(exception.Start, exception.Message);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // The library throws these for some misplaced indicators. Its messages would not help the author of the file.
            return NotYaml(parser.Current?.End ?? Mark.Empty, "Something that is not allowed follows this place.");
        }

        if (yaml.Documents.Count is not 1)
        {
            problems.Add(new PlatformProblem(new Place(1, 1), "The file must hold one YAML document."));
            return new PlatformDocument([], [], [], []);
        }

        var root = new YamlMap(yaml.Documents[0].RootNode, problems);
        var document = new PlatformDocument(
            [.. root.Maps("apis").Select(ApiReader.Read)],
            [.. root.NamesOrMaps("roles").Select(role => Role(root, role))],
            [.. root.Maps("apps").Select(apps.Read)],
            [.. root.Maps("users").Select(users.Read)]);
        root.End();

        RefuseTwice("API", document.Apis.Select(api => (api.Place, api.Resource)));
        RefuseTwice("role", document.Roles.Select(role => (role.Place, role.Name)));
        RefuseTwice("app", document.Apps.Select(app => (app.Place, app.Id)));
        RefuseTwice("user", document.Users.Select(user => (user.Place, user.Name)), UserNames.Comparable);
        var haveKeys = document.Users.Any(user => user.Key is not null);
        RefuseTwice("key of a user", document.Users.Where(_ => haveKeys).Select(user => (user.Place, user.Mark)));
        RefuseTwice("email address", document.Users.Select(user => (user.Place, user.Email)), UserNames.Comparable);
        return document;
    }

    private PlatformDocument NotYaml(Mark mark, string message)
    {
        problems.Add(new PlatformProblem(new Place(mark.Line, mark.Column), "This is not YAML: " + message));
        return new PlatformDocument([], [], [], []);
    }

    private static void CheckRole(YamlMap map, Place place, string? name)
    {
        if (!string.IsNullOrEmpty(name) && !RoleNameValidator.IsName(name))
        {
            map.Report(place, RoleNameValidator.Rule);
        }
    }

    private static RoleEntry Role(YamlMap root, (Place Place, string? Name, YamlMap? Map) item)
    {
        if (item.Map is not { } map)
        {
            root.Bound(item.Place, "roles", item.Name, UserLookup.LongestName);
            CheckRole(root, item.Place, item.Name);
            return new RoleEntry(item.Place, item.Name!, null, []);
        }

        var (namePlace, scopesPlace) = (map.PlaceOf("name"), map.PlaceOf("scopes"));
        var name = map.RequiredText("name");
        map.Bound(namePlace, "name", name, UserLookup.LongestName);
        CheckRole(map, namePlace, name);
        var scopes = map.Names("scopes");
        var usersIn = map.Names("users_in");
        foreach (var (place, scope) in scopes)
        {
            if (!AdminScopes.IsPermission(scope))
            {
                map.Report(place, $"'{scope}' is no scope of the administration API: docs/administration.md lists them.");
            }
            else if (usersIn.Count > 0 && !AdminScopes.IsOfPeople(scope))
            {
                map.Report(place, $"'{scope}' cannot be limited with 'users_in', because it is not about users.");
            }
        }

        if (usersIn.Count > 0 && scopes.Count is 0)
        {
            map.Report(scopesPlace, "'users_in' limits 'scopes', and there are none.");
        }

        map.End();
        return new RoleEntry(namePlace, name, [.. scopes.Select(scope => scope.Name).Distinct()], usersIn);
    }

    private void RefuseTwice(string what, IEnumerable<(Place Place, string Name)> entries, Func<string, string>? comparable = null)
    {
        foreach (var twice in entries.Where(entry => entry.Name.Length > 0)
            .GroupBy(entry => comparable?.Invoke(entry.Name) ?? entry.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1))
        {
            problems.Add(new PlatformProblem(twice.Last().Place, $"The {what} '{twice.First().Name}' is declared twice."));
        }
    }
}
