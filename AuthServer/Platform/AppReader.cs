using AuthServer.Administration;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>Reads one of the <c>apps</c>.</summary>
internal sealed class AppReader(SecretReference secrets, bool isDevelopment)
{
    private const int ShortestSecret = 32;

    // The length of the database column.
    private const int LongestClientId = 100;

    private static readonly string[] Grants =
        [
            GrantTypes.AuthorizationCode,
            AppDescriptor.DeviceCode,
            GrantTypes.Password,
            GrantTypes.RefreshToken,
            GrantTypes.ClientCredentials,
        ];

    public AppEntry Read(YamlMap map)
    {
        var typePlace = map.PlaceOf("type");
        var type = map.Text("type") ?? ClientTypes.Confidential;
        if (type is not (ClientTypes.Confidential or ClientTypes.Public or ApplicationTypes.Native))
        {
            map.Report(typePlace, "'type' must be confidential, public or native.");
        }

        // RFC 9068 5: a client is the subject of its own tokens and must not be mistaken for a user.
        var idPlace = map.PlaceOf("id");
        var id = map.RequiredText("id");
        if (Guid.TryParse(id, out _))
        {
            map.Report(idPlace, "'id' of an app must not be a GUID, because the ids of users are GUIDs.");
        }

        if (id.Any(character => character is < ' ' or > '~'))
        {
            map.Report(idPlace, "'id' of an app must be printable ASCII (RFC 6749 A.1).");
        }

        map.Bound(idPlace, "id", id, LongestClientId);
        var app = new AppEntry(
            map.Place,
            id,
            map.Text("name"),
            type is ClientTypes.Public or ApplicationTypes.Native,
            ClientSecret(map),
            PublicKeys(map),
            [.. map.Names("grants").Select(grant => Known(map, grant, Grants, "grant"))],
            [.. map.Names("scopes").SelectMany(scope => Expand(scope))],
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
            map.Report(
                app.Place,
                $"The public app '{app.Id}' cannot keep a secret: leave 'secret' and 'public_keys' out, or make it confidential.");
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
        var secret = secrets.Read(map, "secret");
        if (secret is { Length: < ShortestSecret } && !isDevelopment)
        {
            map.Report(place, $"'secret' must have at least {ShortestSecret} characters outside Development.");
        }

        return secret;
    }

    private string? PublicKeys(YamlMap map)
    {
        var place = map.PlaceOf("public_keys");
        if (map.Text("public_keys") is not { } value)
        {
            return null;
        }

        var problem = "";
        if ((value.StartsWith('{') ? value : secrets.Resolve(value, out problem)) is not { } text)
        {
            map.Report(place, $"'public_keys' {problem}.");
            return null;
        }

        try
        {
            var keys = new JsonWebKeySet(text).Keys;
            if (keys.Count > 0
                && keys.All(
                    key => !key.HasPrivateKey && key.Kty is JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve))
            {
                return text;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException)
        {
        }

        map.Report(place, "'public_keys' must be or refer to a JWKS (RFC 7517) with public RSA or EC keys only.");
        return null;
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
        // RFC 6454 7: a browser sends scheme, host and port, and nothing else.
        AddressReader.Read(
            map, entry.Place, "origins", entry.Name,
            "be like https://app.example.com, without a path and without the port that the scheme implies",
            uri => (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
                && string.Equals(uri.GetLeftPart(UriPartial.Authority), entry.Name, StringComparison.OrdinalIgnoreCase));

        return entry.Name.ToLowerInvariant();
    }

    private static IEnumerable<(Place Place, string Name)> Expand((Place Place, string Name) scope) =>
        scope.Name is AdminScopes.Everything ? AdminScopes.All.Select(one => (scope.Place, one.Name)) : [scope];
}
