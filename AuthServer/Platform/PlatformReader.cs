using AuthServer.Account;
using AuthServer.Passwords;
using AuthServer.Users;
using Microsoft.IdentityModel.Tokens;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>Reads a platform file; what can be judged without a database is judged here.</summary>
internal sealed class PlatformReader(SecretReference secrets, bool isDevelopment)
{
    private const int ShortestSecret = 32;

    // As the columns are long.
    private const int LongestScope = 200;
    private const int LongestClientId = 100;
    private const int LongestName = UserLookup.LongestName;

    private static readonly string[] Grants = [GrantTypes.AuthorizationCode, AppDescriptor.DeviceCode, GrantTypes.Password, GrantTypes.RefreshToken, GrantTypes.ClientCredentials];

    private readonly List<PlatformProblem> problems = [];

    /// <summary>All that is wrong, in the order of the file.</summary>
    public IReadOnlyList<PlatformProblem> Problems => [.. problems.OrderBy(problem => problem.Place.Line).ThenBy(problem => problem.Place.Column)];

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
            // What the library throws at some misplaced indicators, in words that are not for people.
            return NotYaml(parser.Current?.End ?? Mark.Empty, "After this place stands what cannot stand there.");
        }

        if (yaml.Documents.Count is not 1)
        {
            problems.Add(new PlatformProblem(new Place(1, 1), "The file must hold one YAML document."));
            return new PlatformDocument([], [], [], []);
        }

        var root = new YamlMap(yaml.Documents[0].RootNode, problems);
        var document = new PlatformDocument(
            [.. root.Maps("apis").Select(Api)],
            [.. root.Names("roles").Select(role => Role(root, role))],
            [.. root.Maps("apps").Select(App)],
            [.. root.Maps("users").Select(User)]);
        root.End();

        RefuseTwice("API", document.Apis.Select(api => (api.Place, api.Resource)));
        RefuseTwice("role", document.Roles.Select(role => (role.Place, role.Name)));
        RefuseTwice("app", document.Apps.Select(app => (app.Place, app.Id)));
        RefuseTwice("user", document.Users.Select(user => (user.Place, user.Name)), UserNames.Comparable);
        var haveKeys = document.Users.Any(user => user.Key is not null);
        RefuseTwice("key of a user", document.Users.Where(_ => haveKeys).Select(user => (user.Place, user.Mark)));
        RefuseTwice("e-mail address", document.Users.Select(user => (user.Place, user.Email)), UserNames.Comparable);
        return document;
    }

    private PlatformDocument NotYaml(Mark mark, string message)
    {
        problems.Add(new PlatformProblem(new Place(mark.Line, mark.Column), "This is not YAML: " + message));
        return new PlatformDocument([], [], [], []);
    }

    private ApiEntry Api(YamlMap map)
    {
        var place = map.PlaceOf("resource");
        var resource = map.RequiredText("resource");
        if (resource.Length > 0)
        {
            AddressReader.Read(map, place, "resource", resource, "be an absolute URI without fragment (RFC 8707 2)", _ => true);
        }

        var api = new ApiEntry(map.Place, resource, map.Text("name"), [.. map.Maps("scopes").Select(Scope)]);
        map.End();
        return api;
    }

    private static ScopeEntry Scope(YamlMap map)
    {
        var place = map.PlaceOf("name");
        var scope = new ScopeEntry(map.Place, map.RequiredText("name"), Description(map));

        // RFC 6749 3.3: a scope token is of visible ASCII characters without quote and backslash.
        if (scope.Name.Any(character => character is <= ' ' or '"' or '\\' or >= '\u007f'))
        {
            map.Report(place, "'name' of a scope must be printable ASCII without space, quote or backslash (RFC 6749 3.3).");
        }

        Shorter(map, place, "name", scope.Name, LongestScope);
        map.End();
        return scope;
    }

    private static ScopeDescription Description(YamlMap map)
    {
        if (map.MapOrNull("description") is not { } languages)
        {
            return new ScopeDescription(map.Text("description"), new Dictionary<string, string>());
        }

        var text = languages.RequiredText(Languages.All[0]);
        var others = Languages.All.Skip(1).Select(language => KeyValuePair.Create(language, languages.Text(language)))
            .Where(other => other.Value is { Length: > 0 });
        var description = new ScopeDescription(text, others.ToDictionary(other => other.Key, other => other.Value!));
        languages.End();
        return description;
    }

    private AppEntry App(YamlMap map)
    {
        var typePlace = map.PlaceOf("type");
        var type = map.Text("type") ?? ClientTypes.Confidential;
        if (type is not (ClientTypes.Confidential or ClientTypes.Public or ApplicationTypes.Native))
        {
            map.Report(typePlace, "'type' must be confidential, public or native.");
        }

        // RFC 9068 5: a client is the subject of its own tokens and must not be taken for a person.
        var idPlace = map.PlaceOf("id");
        var id = map.RequiredText("id");
        if (Guid.TryParse(id, out _))
        {
            map.Report(idPlace, "'id' of an app must not be a GUID, which is what the ids of users are.");
        }

        if (id.Any(character => character is < ' ' or > '~'))
        {
            map.Report(idPlace, "'id' of an app must be printable ASCII (RFC 6749 A.1).");
        }

        Shorter(map, idPlace, "id", id, LongestClientId);
        var app = new AppEntry(
            map.Place,
            id,
            map.Text("name"),
            type is ClientTypes.Public or ApplicationTypes.Native,
            ClientSecret(map),
            PublicKeys(map),
            [.. map.Names("grants").Select(grant => Known(map, grant, Grants, "grant"))],
            map.Names("scopes"),
            [.. map.Names("origins").Select(origin => Origin(map, origin))],
            BrowserReader.Read(map, type is not ClientTypes.Confidential, type is ApplicationTypes.Native),
            map.Time("access_token_lifetime"),
            map.Time("refresh_token_lifetime"),
            map.Time("refresh_token_idle_lifetime"),
            map.Time("refresh_token_leeway", zeroIsAllowed: true));
        map.End();

        var authenticates = app.Secret is not null || app.PublicKeys is not null;
        if (app.IsPublic && authenticates)
        {
            map.Report(app.Place, $"The public app '{app.Id}' cannot keep a secret: leave 'secret' and 'public_keys' out, or make it confidential.");
        }
        else if (app.IsPublic && app.Grants.Contains(GrantTypes.ClientCredentials))
        {
            map.Report(app.Place, $"The public app '{app.Id}' cannot use client_credentials (RFC 6749 4.4).");
        }

        BrowserReader.Check(map, app);
        return app;
    }

    private string? ClientSecret(YamlMap map)
    {
        var place = map.PlaceOf("secret");
        var secret = Secret(map, "secret");
        if (secret is { Length: < ShortestSecret } && !isDevelopment)
        {
            map.Report(place, $"'secret' must have at least {ShortestSecret} characters outside Development.");
        }

        return secret;
    }

    private string? PublicKeys(YamlMap map)
    {
        var place = map.PlaceOf("public_keys");
        if (Secret(map, "public_keys") is not { } text)
        {
            return null;
        }

        try
        {
            var keys = new JsonWebKeySet(text).Keys;
            if (keys.Count > 0 && keys.All(key => !key.HasPrivateKey && key.Kty is JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve))
            {
                return text;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException)
        {
        }

        map.Report(place, "'public_keys' must refer to a JWKS (RFC 7517) with public RSA or EC keys only.");
        return null;
    }

    private UserEntry User(YamlMap map)
    {
        var (keyPlace, namePlace, emailPlace) = (map.PlaceOf("key"), map.PlaceOf("name"), map.PlaceOf("email"));
        var (displayPlace, hashPlace) = (map.PlaceOf("display_name"), map.PlaceOf("password_hash"));
        var key = map.Text("key");
        var (name, email) = (map.RequiredText("name"), map.RequiredText("email"));
        var user = new UserEntry(
            map.Place,
            key,
            UserNames.Clean(name) ?? "",
            EmailAddress.Clean(email) ?? "",
            map.Flag("email_confirmed"),
            map.Text("display_name"),
            Secret(map, "password"),
            Secret(map, "password_hash"),
            map.Names("roles"));
        if (user.Key is "")
        {
            map.Report(keyPlace, "'key' is empty.");
        }

        Shorter(map, keyPlace, "key", user.Key, PlatformEntry.LongestMark);
        Shorter(map, namePlace, "name", name, LongestName);
        Shorter(map, emailPlace, "email", email, LongestName);
        Shorter(map, displayPlace, "display_name", user.DisplayName, LongestName);
        if (name.Length is > 0 and <= LongestName && user.Name.Length is 0)
        {
            map.Report(namePlace, "'name' of a user must be letters, digits and _ - . + ' or the user's e-mail address.");
        }

        if (email.Length is > 0 and <= LongestName && user.Email.Length is 0)
        {
            map.Report(emailPlace, "'email' must be an e-mail address.");
        }

        if (user is { Password: not null, PasswordHash: not null })
        {
            map.Report(hashPlace, "'password' and 'password_hash' exclude each other.");
        }
        else if (user.PasswordHash is { } hash && !PasswordHasher.Recognizes(hash))
        {
            map.Report(hashPlace, "'password_hash' must refer to a hash of Argon2id, bcrypt, ASP.NET Core Identity or Django (pbkdf2_sha256).");
        }

        map.End();
        return user;
    }

    private static RoleEntry Role(YamlMap map, (Place Place, string Name) role)
    {
        Shorter(map, role.Place, "roles", role.Name, LongestName);
        return new RoleEntry(role.Place, role.Name);
    }

    private static void Shorter(YamlMap map, Place place, string key, string? text, int most)
    {
        if (text?.Length > most)
        {
            map.Report(place, $"'{key}' has {text.Length} characters; it may have {most}.");
        }
    }

    private string? Secret(YamlMap map, string key)
    {
        var place = map.PlaceOf(key);
        if (map.Text(key) is not { } reference)
        {
            return null;
        }

        var secret = secrets.Resolve(reference, out var problem);
        if (secret is null)
        {
            map.Report(place, $"'{key}' {problem}.");
        }

        return secret;
    }

    private static string Known(YamlMap map, (Place Place, string Name) entry, string[] known, string what)
    {
        if (!known.Contains(entry.Name))
        {
            map.Report(entry.Place, $"The {what} '{entry.Name}' is not one of {string.Join(", ", known)}.");
        }

        return entry.Name;
    }

    private static string Origin(YamlMap map, (Place Place, string Name) entry)
    {
        // RFC 6454 7: a browser sends scheme, host and port, and nothing behind.
        AddressReader.Read(
            map, entry.Place, "origins", entry.Name, "be like https://app.example.com, without a path and without the port that the scheme implies",
            uri => (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
                && string.Equals(uri.GetLeftPart(UriPartial.Authority), entry.Name, StringComparison.OrdinalIgnoreCase));

        return entry.Name.ToLowerInvariant();
    }

    private void RefuseTwice(string what, IEnumerable<(Place Place, string Name)> entries, Func<string, string>? comparable = null)
    {
        foreach (var twice in entries.Where(entry => entry.Name.Length > 0)
            .GroupBy(entry => comparable?.Invoke(entry.Name) ?? entry.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            problems.Add(new PlatformProblem(twice.Last().Place, $"The {what} '{twice.First().Name}' is declared twice."));
        }
    }
}
