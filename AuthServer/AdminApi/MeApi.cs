using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthServer.AdminApi;

/// <summary>The caller, and what they may do.</summary>
/// <param name="User">The <c>sub</c>; null for an app that acts for itself.</param>
/// <param name="App">The <c>client_id</c>.</param>
/// <param name="Scopes">What roles and token together allow.</param>
/// <param name="LimitedScopes">Those that are allowed only with some users.</param>
/// <param name="IsFullAdmin">Whether the roles, or the app's registration, allow everything.</param>
internal sealed record MeView(Guid? User, string App, IReadOnlyList<string> Scopes, IReadOnlyList<string> LimitedScopes, bool IsFullAdmin);

/// <summary><c>/me</c>.</summary>
internal static class MeApi
{
    public static void MapMe(this RouteGroupBuilder api) =>
        api.MapGet("/me", Show).Requires(scope: null).WithName("showMe").WithTags("Me")
            .WithSummary("Says who the caller is, and what they may do.").WithAnswerExample("""
                {
                  "user": "01a22de2-b655-7178-bae5-9fae00000000", "app": "admin-tool", "scopes": ["admin.users.read", "admin.sessions.end"],
                  "limitedScopes": ["admin.users.read"], "isFullAdmin": false
                }
                """);

    private static Ok<MeView> Show(AdminCaller caller) => TypedResults.Ok(new MeView(
        caller.User,
        caller.App,
        [.. caller.Allowed.Scopes],
        [.. caller.Allowed.Scopes.Where(scope => !caller.Allowed.HasForAll(scope))],
        caller.Power.IsFull));
}
