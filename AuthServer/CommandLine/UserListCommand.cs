using System.CommandLine;
using AuthServer.Data;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.CommandLine;

internal static class UserListCommand
{
    private const int PageSize = 500;

    private static readonly string[] Headers = ["ID", "NAME", "EMAIL", "STATE"];

    public static Command Create(CommandHost host)
    {
        var limit = OptionValues.Limit("The greatest number of rows. Default: all.");
        var json = OptionValues.Json();
        var command = new Command("list", "List the users, in the order of their names.") { limit, json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var locked = await services.GetRequiredService<Lockout>().LockedAsync(cancellationToken);
            var listing = new Listing<User>(
                result.GetValue(json), Headers, user => [$"{user.Id}", user.UserName, user.Email, StateOf(user, locked)],
                user => Shape(user, locked));
            await foreach (var page in PagesAsync(
                services.GetRequiredService<AuthDbContext>(), result.GetValue(limit) ?? int.MaxValue, cancellationToken))
            {
                listing.Add(page);
            }

            listing.End();
            return 0;
        }));
        return command;
    }

    /// <param name="locked">The users who are locked out after failed attempts.</param>
    public static string StateOf(User user, IReadOnlyDictionary<Guid, DateTimeOffset?> locked) =>
        user.DisabledAt is not null ? "locked" : locked.ContainsKey(user.Id) ? "locked out" : "active";

    private static object Shape(User user, IReadOnlyDictionary<Guid, DateTimeOffset?> locked) => new
    {
        user.Id,
        Name = user.UserName,
        user.Email,
        State = StateOf(user, locked),
        user.CreatedAt,
    };

    // Each page begins after the last name of the page before, so the last page costs as much as the first.
    private static async IAsyncEnumerable<List<User>> PagesAsync(
        AuthDbContext context, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        while (most > 0)
        {
            var page = await context.Users.AsNoTracking()
#pragma warning disable CA1309 // the database compares with the collation that it also sorts with
                .Where(user => string.Compare(user.NormalizedUserName, after) > 0)
#pragma warning restore CA1309
                .OrderBy(user => user.NormalizedUserName)
                .Take(Math.Min(PageSize, most))
                .ToListAsync(cancellationToken);
            if (page.Count is 0)
            {
                yield break;
            }

            yield return page;
            most -= page.Count;
            after = page[^1].NormalizedUserName!;
        }
    }
}
