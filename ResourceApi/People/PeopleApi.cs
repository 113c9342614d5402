using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ResourceApi.Bearer;
using ResourceApi.Data;

namespace ResourceApi.People;

/// <summary>
/// GET /api/me: the caller, as the token describes them. GET /api/user/{id}: what this API remembers about a user; only this user
/// and admins may read it.
/// </summary>
internal static class PeopleApi
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", (Caller caller) => TypedResults.Ok(caller)).RequireScope(ApiScopes.UsersRead);
        api.MapGet("/user/{id:guid}", GetUserAsync).RequireScope(ApiScopes.UsersRead);
    }

    private static async Task<Results<Ok<Person>, ProblemHttpResult>> GetUserAsync(
        Guid id, Caller caller, ApiDbContext database, CancellationToken cancellationToken)
    {
        // Checked before the query: the response must not reveal whether that user exists.
        if (caller.PersonId != id && !caller.IsAdmin)
        {
            return TypedResults.Problem("Only an admin may read about other people.", statusCode: StatusCodes.Status403Forbidden);
        }

        return await database.People.AsNoTracking().SingleOrDefaultAsync(person => person.Id == id, cancellationToken) is { } person
            ? TypedResults.Ok(person)
            : TypedResults.Problem("Nobody with this id has called this API yet.", statusCode: StatusCodes.Status404NotFound);
    }
}
