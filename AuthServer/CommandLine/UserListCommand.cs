using System.CommandLine;
using AuthServer.Operations;

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
            var listing = new Listing<UserSummary>(
                result.GetValue(json), Headers, user => [$"{user.Id}", user.Name, user.Email, user.State], user => user);
            var users = services.GetRequiredService<UserQueries>();
            var (after, left) = ("", result.GetValue(limit) ?? int.MaxValue);
            while (left > 0
                && await users.PageAsync(users.In(null), new UserFilter(), after, Math.Min(PageSize, left), cancellationToken)
                    is { Count: > 0 } page)
            {
                listing.Add([.. page.Select(row => row.User)]);
                (after, left) = (page[^1].Position, left - page.Count);
            }

            listing.End();
            return 0;
        }));
        return command;
    }
}
