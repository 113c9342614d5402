using AuthServer.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>Which keys to make ahead of schedule.</summary>
/// <param name="Algorithm">Only for this algorithm, which need not be in use yet; without it, for all algorithms in use.</param>
/// <param name="Now">True to use the key as soon as every node knows it, without the announcement time.</param>
internal sealed record RotationInput(string? Algorithm = null, bool Now = false);

/// <summary>A key that was revoked.</summary>
/// <param name="Successor">The key that is in use now; null if the algorithm is not in use.</param>
internal sealed record RevocationView(KeyView Revoked, KeyView? Successor);

/// <summary><c>/keys</c>: the keys that sign and encrypt tokens.</summary>
internal static class KeysApi
{
    public static void MapKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys");
        keys.MapGet("", ListAsync).Requires(KeysRead).WithName("listKeys").WithSummary("Lists the keys and the state of each.");
        keys.MapPost("/rotate", RotateAsync).Requires(KeysWrite).WithName("rotateKeys").WithSummary("Creates the next keys ahead of schedule.")
            .WithExample("""{ "algorithm": "ES256", "now": false }""");
        keys.MapPost("/{kid}/revoke", RevokeAsync).Requires(KeysWrite, isFresh: true).WithName("revokeKey")
            .WithSummary("Revokes a key: nothing that it has signed or encrypted is valid any more.");
    }

    private static async Task<Ok<Page<KeyView>>> ListAsync(KeyOperations keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<KeyView>(await keys.ListAsync(cancellationToken), null));

    private static async Task<Ok<Page<KeyView>>> RotateAsync(
        Body<RotationInput> body, KeyOperations keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            new Page<KeyView>(await keys.RotateAsync(body.Value.Algorithm, body.Value.Now, cancellationToken), null));

    private static async Task<Ok<RevocationView>> RevokeAsync(string kid, KeyOperations keys, CancellationToken cancellationToken)
    {
        var successor = await keys.RevokeAsync(kid, cancellationToken);
        return TypedResults.Ok(new RevocationView(await keys.FindAsync(kid, cancellationToken), successor));
    }
}
