using System.Text.Json.Serialization;
using AuthServer.Administration;
using AuthServer.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthServer.AdminApi;

/// <summary>
/// Owns the administration API: the operations of Operations/ over HTTP, for those whose roles allow them. An ordinary resource of this
/// issuer, with an audience and scopes of its own. Routes: <c>/api/admin/v1</c> and below, and its metadata (RFC 9728); in Development also
/// a page of its document.
/// </summary>
internal static class AdminFeature
{
    public static void AddAdminApi(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>();
        services.AddSettings<AdminOptions>(AdminOptions.Section);
    }

    public static void AddAdminApiServer(this IServiceCollection services)
    {
        services.AddSingleton<AdminChallenge>();
        services.AddScoped<AdminAuthority>();
        services.AddScoped<BulkPlans>();
        services.AddScoped<UsersBulk>();

        services.AddAdminDocument();
        services.AddSingleton<AdminDocumentFile>();
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.Converters.Add(new PatchedConverterFactory());

            // The document would say that a number may also be a text.
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });

        // So that a parameter that cannot be read is answered as a problem that names it.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseAdminApi(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(AdministrationFeature.Path),
        api => api.UseMiddleware<AdminBearer>().UseMiddleware<AdminTransaction>());

    public static void MapAdminApi(this WebApplication app)
    {
        app.MapAdminMetadata();
        var api = app.MapGroup(AdministrationFeature.Path);
        api.MapGet("/problems/{code}", ShowProblem).ExcludeFromDescription();
        app.MapGet(AdminDocument.Path, AdminDocumentFile.ShowAsync).ExcludeFromDescription();
        if (app.Environment.IsDevelopment())
        {
            app.MapAdminDocumentPage();
        }

        api.MapMe();
        api.MapUsers();
        api.MapUsersBulk();
        api.MapSessions();
        api.MapSessionsBulk();
        api.MapBulk();
        api.MapRoles();
        api.MapApps();
        api.MapSecrets();
        api.MapScopes();
        api.MapKeys();
        api.MapAudit();
        api.MapOutbox();
        api.MapPasskeys();
        api.MapImpersonations();
        api.MapConsents();
        api.MapPlatform();
    }

    private static Results<ContentHttpResult, NotFound> ShowProblem(string code) =>
        ProblemKind.All.FirstOrDefault(kind => kind.Code == code) is { } kind
            ? TypedResults.Content($"{kind.Title}\n\n{kind.Help}\n", "text/plain; charset=utf-8")
            : TypedResults.NotFound();
}
