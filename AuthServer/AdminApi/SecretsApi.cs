using AuthServer.Administration;
using AuthServer.Clients;
using AuthServer.Operations;
using AuthServer.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>A secret to be made.</summary>
/// <param name="Name">For administrators, for example where it is used.</param>
/// <param name="KeepOthersFor">How long the secret before stays valid, for example <c>24h</c>; <c>0s</c> ends it at once.</param>
internal sealed record SecretInput(string Name, string KeepOthersFor = "24h");

/// <summary><c>/apps/{id}/secrets</c>: what an app authenticates with. Two can be valid while one replaces the other.</summary>
internal static class SecretsApi
{
    public static void MapSecrets(this RouteGroupBuilder api)
    {
        var secrets = api.MapGroup("/apps/{id}/secrets").WithTags("Apps");
        secrets.MapGet("", ListAsync).Requires(AppsRead).WithName("listAppSecrets")
            .WithSummary("Lists the valid secrets of an app: names and dates.");
        secrets.MapPost("", AddAsync).Requires(AppsCredentials, isFresh: true).WithName("addAppSecret")
            .WithSummary("Makes a secret and shows it once. The one before stays valid for a while.")
            .WithExample("""{ "name": "autumn", "keepOthersFor": "24h" }""")
            .WithAnswerExample("""
                {
                  "id": "01a22de2-b655-7178-bae5-9fae00000002", "name": "autumn", "createdAt": "2026-11-30T12:00:00Z", "expiresAt": null,
                  "secret": "shown-once-and-never-again"
                }
                """);
        secrets.MapDelete("/{secretId:guid}", DeleteAsync).Requires(AppsCredentials, isFresh: true).WithName("deleteAppSecret")
            .WithSummary("Ends a secret at once.");
    }

    private static async Task<Ok<Page<SecretView>>> ListAsync(
        PathName id, AppOperations apps, SecretOperations secrets, CancellationToken cancellationToken)
    {
        var app = await apps.FindAsync(id, cancellationToken);
        return TypedResults.Ok(new Page<SecretView>(await secrets.ListAsync(app.Client, cancellationToken), null));
    }

    private static async Task<Created<NewSecretView>> AddAsync(
        PathName id, Body<SecretInput> body, HttpContext http, AdminCaller caller, AdminAuthority authority, AppOperations apps, SecretOperations secrets,
        CancellationToken cancellationToken)
    {
        await AppsApi.FindToChangeAsync(id, http, caller, authority, apps, cancellationToken);
        Require.Text("name", body.Value.Name, ClientSecret.LongestName);
        if (!Duration.TryParse(body.Value.KeepOthersFor, out var keep))
        {
            throw Require.Wrong("keepOthersFor", $"It is {Duration.Form}.");
        }

        var added = await secrets.AddAsync(id, body.Value.Name, keep, cancellationToken);
        return TypedResults.Created($"{AdministrationFeature.Path}/apps/{Uri.EscapeDataString(id)}/secrets/{added.Id}", added);
    }

    private static async Task<NoContent> DeleteAsync(
        PathName id, Guid secretId, HttpContext http, AdminCaller caller, AdminAuthority authority, AppOperations apps, SecretOperations secrets, CancellationToken cancellationToken)
    {
        await AppsApi.FindToChangeAsync(id, http, caller, authority, apps, cancellationToken);
        await secrets.RemoveAsync(id, secretId, cancellationToken);
        return TypedResults.NoContent();
    }
}
