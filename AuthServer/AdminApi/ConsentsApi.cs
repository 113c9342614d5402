using AuthServer.Clients;
using AuthServer.Consent;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary><c>/users/{id}/consents</c>: what a user has allowed apps.</summary>
internal static class ConsentsApi
{
    public static void MapConsents(this RouteGroupBuilder api)
    {
        var consents = api.MapGroup("/users/{id:guid}/consents").WithTags("Users");
        consents.MapGet("", ListAsync).Requires(UsersRead).WithName("listUserConsents")
            .WithSummary("Lists what a user has allowed apps, in the order of the apps' ids.");
        consents.MapDelete("/{app}", DeleteAsync).Requires(UsersWrite).WithName("deleteUserConsent")
            .WithSummary("Withdraws what a user has allowed an app, and signs the user out of it.");
    }

    private static async Task<Ok<Page<ConsentView>>> ListAsync(
        Guid id, AdminCaller caller, AdminAuthority authority, Consents consents, CancellationToken cancellationToken)
    {
        await authority.FindAsync(caller, UsersRead, id, cancellationToken);
        return TypedResults.Ok(new Page<ConsentView>(await consents.ListAsync(id, cancellationToken), null));
    }

    private static async Task<NoContent> DeleteAsync(
        Guid id, PathName app, AdminCaller caller, AdminAuthority authority, Consents consents, AuthDbContext context,
        CancellationToken cancellationToken)
    {
        await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
        var client = await context.Set<Client>().AsNoTracking().SingleOrDefaultAsync(row => row.ClientId == app.Value, cancellationToken);
        return client is not null && await consents.WithdrawAsync(id, client, cancellationToken)
            ? TypedResults.NoContent()
            : throw new OperationException(OperationFault.NotFound, $"The user has allowed nothing to an app '{app}'.");
    }
}
