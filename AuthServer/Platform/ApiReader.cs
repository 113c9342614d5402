using AuthServer.Administration;
using AuthServer.Protocol;

namespace AuthServer.Platform;

/// <summary>Reads one of the <c>apis</c>, and their scopes.</summary>
internal static class ApiReader
{
    // The length of the database column.
    private const int LongestScope = 200;

    public static ApiEntry Read(YamlMap map)
    {
        var place = map.PlaceOf("resource");
        var resource = map.RequiredText("resource");
        if (resource.Length > 0)
        {
            CheckResource(map, place, "resource", resource);
        }

        var api = new ApiEntry(map.Place, resource, map.Text("name"), [.. map.Maps("scopes").Select(Scope)]);
        map.End();
        return api;
    }

    public static void CheckResource(YamlMap map, Place place, string key, string resource) =>
        AddressReader.Read(map, place, key, resource, "be an absolute URI without fragment (RFC 8707 2)", _ => true);

    public static ScopeEntry Scope(YamlMap map)
    {
        var place = map.PlaceOf("name");
        var scope = new ScopeEntry(map.Place, map.RequiredText("name"), Description(map));

        // RFC 6749 3.3: a scope token consists of visible ASCII characters without quote and backslash.
        if (scope.Name.Any(character => character is <= ' ' or '"' or '\\' or >= '\u007f'))
        {
            map.Report(place, "'name' of a scope must be printable ASCII without space, quote or backslash (RFC 6749 3.3).");
        }

        if (AdminScopes.ByName.ContainsKey(scope.Name))
        {
            map.Report(place, $"The scope '{scope.Name}' is of the administration API, which this server has itself.");
        }

        map.Bound(place, "name", scope.Name, LongestScope);
        map.End();
        return scope;
    }

    private static ScopeDescription Description(YamlMap map)
    {
        if (map.MapOrNull("description") is not { } languages)
        {
            return new ScopeDescription(map.Text("description"), new Dictionary<string, string>());
        }

        var text = languages.RequiredText(UiLocales.Default);
        var others = UiLocales.All.Skip(1).Select(language => KeyValuePair.Create(language, languages.Text(language)))
            .Where(other => other.Value is { Length: > 0 });
        var description = new ScopeDescription(text, others.ToDictionary(other => other.Key, other => other.Value!));
        languages.End();
        return description;
    }
}
