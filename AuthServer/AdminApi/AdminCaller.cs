using AuthServer.Administration;
using AuthServer.Protocol;

namespace AuthServer.AdminApi;

/// <summary>Who calls the administration API.</summary>
/// <param name="User">Null for an app that acts for itself.</param>
/// <param name="Session">The sign-in of the person.</param>
/// <param name="App">The <c>client_id</c>.</param>
/// <param name="Power">What the person's roles, or the app's registration, allow.</param>
/// <param name="Allowed">What of it the token's scopes allow.</param>
/// <param name="AuthenticatedAt">When the person signed in.</param>
/// <param name="Level">The <c>acr</c> of the sign-in: <see cref="AuthenticationLevel"/>.</param>
internal sealed record AdminCaller(
    Guid? User, Guid? Session, string App, AdminPower Power, AdminPower Allowed, DateTimeOffset? AuthenticatedAt, string? Level)
{
    /// <summary>Identifies the caller for <see cref="IdempotencyKey"/>.</summary>
    public string Id => User?.ToString() ?? App;

    public static AdminCaller Of(HttpContext context) => context.Features.Get<AdminCaller>()!;

    /// <summary>So that handlers can take it as a parameter.</summary>
    public static ValueTask<AdminCaller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}
