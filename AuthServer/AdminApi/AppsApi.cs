using System.Text.Json;
using AuthServer.Administration;
using AuthServer.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>An app to be added. A confidential app without public keys gets a secret, which the answer shows once.</summary>
internal sealed record AppInput : AppFields
{
    /// <summary>The <c>client_id</c>.</summary>
    public required string Id { get; init; }
}

/// <summary>What changes of an app. A field that is not sent stays as it is, and null sets the default.</summary>
internal sealed record AppPatch
{
    /// <inheritdoc cref="AppFields.Name"/>
    public Patched<string?> Name { get; init; }

    /// <inheritdoc cref="AppFields.Type"/>
    public Patched<string?> Type { get; init; }

    /// <inheritdoc cref="AppFields.Grants"/>
    public Patched<IReadOnlyList<string>?> Grants { get; init; }

    /// <inheritdoc cref="AppFields.Scopes"/>
    public Patched<IReadOnlyList<string>?> Scopes { get; init; }

    /// <inheritdoc cref="AppFields.RedirectUris"/>
    public Patched<IReadOnlyList<string>?> RedirectUris { get; init; }

    /// <inheritdoc cref="AppFields.PostLogoutRedirectUris"/>
    public Patched<IReadOnlyList<string>?> PostLogoutRedirectUris { get; init; }

    /// <inheritdoc cref="AppFields.BackchannelLogoutUri"/>
    public Patched<string?> BackchannelLogoutUri { get; init; }

    /// <inheritdoc cref="AppFields.FrontchannelLogoutUri"/>
    public Patched<string?> FrontchannelLogoutUri { get; init; }

    /// <inheritdoc cref="AppFields.FrontchannelLogoutSessionRequired"/>
    public Patched<bool?> FrontchannelLogoutSessionRequired { get; init; }

    /// <inheritdoc cref="AppFields.Consent"/>
    public Patched<string?> Consent { get; init; }

    /// <inheritdoc cref="AppFields.Pkce"/>
    public Patched<string?> Pkce { get; init; }

    /// <inheritdoc cref="AppFields.Url"/>
    public Patched<string?> Url { get; init; }

    /// <inheritdoc cref="AppFields.Logo"/>
    public Patched<string?> Logo { get; init; }

    /// <inheritdoc cref="AppFields.Origins"/>
    public Patched<IReadOnlyList<string>?> Origins { get; init; }

    /// <inheritdoc cref="AppFields.AccessTokenLifetime"/>
    public Patched<string?> AccessTokenLifetime { get; init; }

    /// <inheritdoc cref="AppFields.RefreshTokenLifetime"/>
    public Patched<string?> RefreshTokenLifetime { get; init; }

    /// <inheritdoc cref="AppFields.RefreshTokenIdleLifetime"/>
    public Patched<string?> RefreshTokenIdleLifetime { get; init; }

    /// <inheritdoc cref="AppFields.RefreshTokenLeeway"/>
    public Patched<string?> RefreshTokenLeeway { get; init; }

    /// <summary>Needs the scope <c>admin.apps.credentials</c>.</summary>
    public Patched<JsonElement?> PublicKeys { get; init; }

    public AppFields Over(AppFields present) => new()
    {
        Name = Name.Over(present.Name),
        Type = Type.Over(present.Type),
        Grants = Grants.Over(present.Grants),
        Scopes = Scopes.Over(present.Scopes),
        RedirectUris = RedirectUris.Over(present.RedirectUris),
        PostLogoutRedirectUris = PostLogoutRedirectUris.Over(present.PostLogoutRedirectUris),
        BackchannelLogoutUri = BackchannelLogoutUri.Over(present.BackchannelLogoutUri),
        FrontchannelLogoutUri = FrontchannelLogoutUri.Over(present.FrontchannelLogoutUri),
        FrontchannelLogoutSessionRequired = FrontchannelLogoutSessionRequired.Over(present.FrontchannelLogoutSessionRequired),
        Consent = Consent.Over(present.Consent),
        Pkce = Pkce.Over(present.Pkce),
        Url = Url.Over(present.Url),
        Logo = Logo.Over(present.Logo),
        Origins = Origins.Over(present.Origins),
        AccessTokenLifetime = AccessTokenLifetime.Over(present.AccessTokenLifetime),
        RefreshTokenLifetime = RefreshTokenLifetime.Over(present.RefreshTokenLifetime),
        RefreshTokenIdleLifetime = RefreshTokenIdleLifetime.Over(present.RefreshTokenIdleLifetime),
        RefreshTokenLeeway = RefreshTokenLeeway.Over(present.RefreshTokenLeeway),
        PublicKeys = PublicKeys.Over(present.PublicKeys),
    };
}

/// <summary><c>/apps</c>: the registered apps.</summary>
internal static class AppsApi
{
    public static void MapApps(this RouteGroupBuilder api)
    {
        var apps = api.MapGroup("/apps").WithTags("Apps");
        apps.MapGet("", ListAsync).Requires(AppsRead).WithName("listApps").WithSummary("Lists apps in the order of their ids.");
        apps.MapPost("", AddAsync).Requires(AppsWrite).WithName("addApp").WithSummary("Adds an app. Its secret is shown once.")
            .WithExample("""
                {
                  "id": "invoices", "name": "Invoices", "grants": ["authorization_code", "refresh_token"],
                  "redirectUris": ["https://invoices.example.com/callback"], "scopes": ["openid", "profile", "offline_access"]
                }
                """);
        apps.MapGet("/{id}", ShowAsync).Requires(AppsRead).WithName("showApp").WithSummary("Shows an app, without its secrets.");
        apps.MapPatch("/{id}", ChangeAsync).Requires(AppsWrite).WithName("changeApp").WithSummary("Changes an app (RFC 7396).")
            .RequiresVersion().WithExample("""{ "name": "Orders and returns", "accessTokenLifetime": "15m" }""");
        apps.MapDelete("/{id}", DeleteAsync).Requires(AppsWrite, isFresh: true).WithName("deleteApp")
            .WithSummary("Deletes an app for good, with its tokens.").RequiresVersion();
        apps.MapPost("/{id}/disable", DisableAsync).Requires(AppsWrite).WithName("disableApp")
            .WithSummary("Refuses an app and its tokens until it is enabled again.");
        apps.MapPost("/{id}/enable", EnableAsync).Requires(AppsWrite).WithName("enableApp").WithSummary("Accepts a disabled app again.");
    }

    /// <returns>An app that the caller may change.</returns>
    public static async Task<AppView> FindToChangeAsync(
        string id, HttpContext http, AdminCaller caller, AdminAuthority authority, AppOperations apps,
        CancellationToken cancellationToken)
    {
        var known = await apps.FindAsync(id, cancellationToken);
        authority.RequireScopes(http, caller, known.Scopes);
        return known;
    }

    /// <param name="id">The <c>client_id</c>.</param>
    /// <param name="prefix">The beginning of the name that users see.</param>
    /// <param name="disabled">Only disabled apps, or only the others.</param>
    internal static async Task<Ok<Page<AppView>>> ListAsync(
        HttpContext http, AppOperations apps, CancellationToken cancellationToken, string? id = null, string? prefix = null,
        bool? disabled = null, string? cursor = null, int? limit = null)
    {
        var paging = Paging.Read(cursor, limit, 1);
        var filter = new AppFilter { Id = id, NamePrefix = prefix, IsDisabled = disabled };
        var rows = await apps.PageAsync(
            filter, paging.Text, paging.Limit + 1, cancellationToken);
        var views = new List<AppView>();
        foreach (var row in rows)
        {
            views.Add(await apps.ViewAsync(row, cancellationToken));
        }

        return TypedResults.Ok(paging.PageOf(http, views, app => [app.Id], app => app));
    }

    private static async Task<Ok<AppView>> ShowAsync(
        PathName id, HttpContext http, AppOperations apps, CancellationToken cancellationToken) =>
        Answer(http, await apps.FindAsync(id, cancellationToken));

    private static async Task<Created<AppView>> AddAsync(
        Body<AppInput> body, HttpContext http, AdminCaller caller, AdminAuthority authority, AppOperations apps,
        CancellationToken cancellationToken)
    {
        var input = body.Value;
        Require.OptionalText("name", input.Name);
        var added = await apps.AddAsync(input.Id, input, cancellationToken);

        // Of what the app has now, however the request wrote it. A refusal undoes the transaction.
        authority.RequireScopes(http, caller, added.Scopes);
        EntityTag.Send(http, added.Version);
        return TypedResults.Created($"{AdministrationFeature.Path}/apps/{Uri.EscapeDataString(added.Id)}", added);
    }

    private static async Task<Ok<AppView>> ChangeAsync(
        PathName id, Body<AppPatch> body, HttpContext http, AdminCaller caller, AdminChallenge challenge, AdminAuthority authority,
        AppOperations apps, CancellationToken cancellationToken)
    {
        var known = await FindToChangeAsync(id, http, caller, authority, apps, cancellationToken);
        EntityTag.Require(http, known.Version);
        var patch = body.Value;
        if (patch.PublicKeys.IsSent || patch.Type.IsSent)
        {
            // An app that becomes confidential gets a secret.
            challenge.Authorize(http, caller, new AdminOperation(AppsCredentials, IsFresh: true));
        }

        Require.SentOptionalText("name", patch.Name);
        var changed = await apps.ChangeAsync(known, patch.Over(known), cancellationToken);
        authority.RequireScopes(http, caller, changed.Scopes);
        return Answer(http, changed);
    }

    private static async Task<NoContent> DeleteAsync(
        PathName id, HttpContext http, AdminCaller caller, AdminAuthority authority, AppOperations apps,
        CancellationToken cancellationToken)
    {
        var known = await FindToChangeAsync(id, http, caller, authority, apps, cancellationToken);
        EntityTag.Require(http, known.Version);
        await apps.DeleteAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<AppView>> DisableAsync(
        PathName id, HttpContext http, AdminCaller caller, AdminAuthority authority, AppOperations apps,
        CancellationToken cancellationToken)
    {
        await FindToChangeAsync(id, http, caller, authority, apps, cancellationToken);
        return Answer(http, await apps.DisableAsync(id, cancellationToken));
    }

    private static async Task<Ok<AppView>> EnableAsync(
        PathName id, HttpContext http, AdminCaller caller, AdminAuthority authority, AppOperations apps,
        CancellationToken cancellationToken)
    {
        await FindToChangeAsync(id, http, caller, authority, apps, cancellationToken);
        return Answer(http, await apps.EnableAsync(id, cancellationToken));
    }

    private static Ok<AppView> Answer(HttpContext http, AppView app)
    {
        EntityTag.Send(http, app.Version);
        return TypedResults.Ok(app);
    }
}
