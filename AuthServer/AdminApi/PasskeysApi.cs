using System.Buffers.Text;
using AuthServer.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary><c>/users/{id}/passkeys</c>: the passkeys of a user.</summary>
internal static class PasskeysApi
{
    public static void MapPasskeys(this RouteGroupBuilder api)
    {
        var passkeys = api.MapGroup("/users/{id:guid}/passkeys").WithTags("Users");
        passkeys.MapGet("", ListAsync).Requires(UsersRead).WithName("listUserPasskeys").WithSummary("Lists a user's passkeys.");
        passkeys.MapDelete("/{passkeyId}", DeleteAsync).Requires(UsersCredentials, isFresh: true).WithName("deleteUserPasskey")
            .WithSummary("Removes a passkey. Sign-ins continue.");
    }

    private static async Task<Ok<Page<PasskeyView>>> ListAsync(
        Guid id, AdminCaller caller, AdminAuthority authority, UserQueries queries, CancellationToken cancellationToken)
    {
        var user = await authority.FindAsync(caller, UsersRead, id, cancellationToken);
        return TypedResults.Ok(new Page<PasskeyView>((await queries.ViewAsync(user, cancellationToken)).Passkeys, null));
    }

    private static async Task<NoContent> DeleteAsync(
        Guid id, string passkeyId, AdminCaller caller, AdminAuthority authority, UserOperations users,
        CancellationToken cancellationToken)
    {
        await authority.FindToChangeAsync(caller, UsersCredentials, id, cancellationToken);
        await users.RemovePasskeyAsync(id, Base64Url.IsValid(passkeyId) ? Base64Url.DecodeFromChars(passkeyId) : [], cancellationToken);
        return TypedResults.NoContent();
    }
}
