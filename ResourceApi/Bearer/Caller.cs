using System.Security.Claims;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ResourceApi.Bearer;

/// <summary>The caller, known from the access token alone: an API has no user database. Handlers take it as a parameter.</summary>
/// <param name="Subject">The user's id, or the client's id if a client called for itself.</param>
/// <param name="ClientId">The client that holds the token.</param>
/// <param name="Name">Present with scope <c>profile</c>.</param>
/// <param name="Email">Present with scope <c>email</c>.</param>
/// <param name="Roles">Present with scope <c>roles</c>.</param>
/// <param name="Scopes">The scopes of the token.</param>
internal sealed record Caller(
    string Subject, string? ClientId, string? Name, string? Email, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes)
{
    public const string AdminRole = "admin";

    // RFC 9068 2.2: if no user is involved, the subject is the client.
    internal Guid? PersonId => Subject != ClientId && Guid.TryParse(Subject, out var id) ? id : null;

    internal bool IsAdmin => Roles.Contains(AdminRole);

    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(From(context.User));

    internal static Caller From(ClaimsPrincipal token) => new(
        token.FindFirstValue(Claims.Subject)!,
        token.FindFirstValue(Claims.ClientId),
        token.FindFirstValue(Claims.Name) ?? token.FindFirstValue(Claims.PreferredUsername),
        token.FindFirstValue(Claims.Email),
        [.. token.FindAll(Claims.Role).Select(claim => claim.Value)],
        [.. token.FindAll(Claims.Private.Scope).Select(claim => claim.Value)]);
}
