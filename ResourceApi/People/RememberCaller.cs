using Microsoft.EntityFrameworkCore;
using ResourceApi.Bearer;
using ResourceApi.Data;

namespace ResourceApi.People;

/// <summary>
/// Stores the caller as a <see cref="Person"/>. A token without scope <c>profile</c> or <c>email</c> does not contain the name or
/// the address; the stored values are then kept.
/// </summary>
internal sealed class RememberCaller : IEndpointFilter
{
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = Caller.From(http.User);
        if (caller.PersonId is { } id)
        {
            var database = http.RequestServices.GetRequiredService<ApiDbContext>();
            var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            var known = await database.People.AsNoTracking().SingleOrDefaultAsync(person => person.Id == id, http.RequestAborted);
            if (known is null || now - known.LastSeenAt > Precision || IsNews(caller.Name, known.Name) || IsNews(caller.Email, known.Email))
            {
                // One statement, because a new user's first two requests may arrive together.
                await database.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO People (Id, Name, Email, FirstSeenAt, LastSeenAt)
                    VALUES ({id}, {caller.Name}, {caller.Email}, {now}, {now})
                    ON CONFLICT (Id) DO UPDATE SET
                        Name = COALESCE(excluded.Name, Name), Email = COALESCE(excluded.Email, Email), LastSeenAt = excluded.LastSeenAt
                    """,
                    http.RequestAborted);
            }
        }

        return await next(context);
    }

    private static bool IsNews(string? said, string? known) => said is not null && said != known;
}
