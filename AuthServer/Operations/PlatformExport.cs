using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Operations;

/// <summary>
/// Writes the platform as a platform file, without users and secrets. Applied to the same database, the file changes nothing. A comment
/// says where another database needs a reference to a secret.
/// </summary>
internal sealed partial class PlatformExport(ScopeOperations scopes, RoleOperations roles, AppOperations apps)
{
    private const int PageSize = 500;

    public async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        WriteApis(lines, await scopes.ListAsync(cancellationToken));
        WriteRoles(lines, await roles.ListAsync(null, cancellationToken));
        lines.Add("apps:");
        for (var after = ""; ;)
        {
            var page = await apps.PageAsync(new AppFilter(), after, PageSize, cancellationToken);
            foreach (var client in page)
            {
                WriteApp(lines, await apps.ViewAsync(client, cancellationToken));
            }

            if (page.Count < PageSize)
            {
                return string.Join('\n', [.. lines, ""]);
            }

            after = page[^1].ClientId!;
        }
    }

    private static void WriteApis(List<string> lines, IReadOnlyList<ScopeView> all)
    {
        lines.Add("apis:");
        var registered = all.Where(scope => !scope.IsBuiltIn).ToList();
        foreach (var resource in registered.SelectMany(scope => scope.Resources).Distinct().Order(StringComparer.Ordinal))
        {
            lines.Add($"  - resource: {Quoted(resource)}");
            lines.Add("    scopes:");
            foreach (var scope in registered.Where(scope => scope.Resources.Contains(resource)))
            {
                lines.Add($"      - {{ name: {Quoted(scope.Name)}{DescriptionOf(scope)} }}");
            }
        }

        foreach (var scope in registered.Where(scope => scope.Resources.Count is 0))
        {
            lines.Add($"  # The scope {scope.Name} belongs to no API, which a platform file cannot say.");
        }
    }

    private static string DescriptionOf(ScopeView scope) => scope.Description switch
    {
        { Count: 0 } => "",
        { Count: 1 } one when one.TryGetValue(UiLocales.Default, out var only) => $", description: {Quoted(only)}",
        var several => $", description: {{ {string.Join(", ", several.Select(pair => $"{pair.Key}: {Quoted(pair.Value)}"))} }}",
    };

    private static void WriteRoles(List<string> lines, IReadOnlyList<RoleView> all)
    {
        lines.Add("roles:");
        foreach (var role in all)
        {
            lines.Add(role.Scopes.Count is 0
                ? $"  - {Quoted(role.Name)}"
                : $"  - {{ name: {Quoted(role.Name)}, scopes: {List(role.Scopes)}"
                    + (role.UsersIn.Count is 0 ? " }" : $", users_in: {List(role.UsersIn)} }}"));
        }
    }

    private static void WriteApp(List<string> lines, AppView app)
    {
        lines.Add($"  - id: {Quoted(app.Id)}");
        Write("name", app.Name);
        Write("type", app.Type is ClientTypes.Confidential ? null : app.Type);
        if (app.HasSecret)
        {
            lines.Add("    # secret: env:NAME or file:PATH, for another database; in this one the app keeps its secret");
        }

        Write("public_keys", app.PublicKeys is { } keys ? JsonSerializer.Serialize(keys) : null);
        WriteList("grants", app.Grants);
        WriteList("scopes", app.Scopes);
        WriteList("redirect_uris", app.RedirectUris);
        WriteList("post_logout_redirect_uris", app.PostLogoutRedirectUris);
        Write("backchannel_logout_uri", app.BackchannelLogoutUri);
        Write("frontchannel_logout_uri", app.FrontchannelLogoutUri);
        Write("frontchannel_logout_session_required", app.FrontchannelLogoutSessionRequired is false ? "false" : null);
        Write("consent", app.Consent);
        Write("pkce", app.Pkce is "optional" ? app.Pkce : null);
        Write("url", app.Url);
        Write("logo", app.Logo);
        WriteList("origins", app.Origins);
        Write("access_token_lifetime", app.AccessTokenLifetime);
        Write("refresh_token_lifetime", app.RefreshTokenLifetime);
        Write("refresh_token_idle_lifetime", app.RefreshTokenIdleLifetime);
        Write("refresh_token_leeway", app.RefreshTokenLeeway);
        if (app.DisabledAt is not null)
        {
            lines.Add("    # It is disabled here, which a platform file cannot say.");
        }

        void Write(string key, string? value)
        {
            if (value is not null)
            {
                lines.Add($"    {key}: {Quoted(value)}");
            }
        }

        void WriteList(string key, IReadOnlyList<string>? values)
        {
            if (values is { Count: > 0 })
            {
                lines.Add($"    {key}: {List(values)}");
            }
        }
    }

    private static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Quoted))}]";

    // YAML 1.2 7.3.2: between single quotes everything but the quote stands for itself.
    private static string Quoted(string value) =>
        Plain().IsMatch(value) ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    // With a dot, underscore or hyphen in it, or a letter that no keyword of YAML begins with.
    [GeneratedRegex("^[a-z][a-z0-9]*[._-][a-z][a-z0-9._-]*$")]
    private static partial Regex Plain();
}
