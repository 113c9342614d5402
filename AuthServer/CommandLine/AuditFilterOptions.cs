using System.CommandLine;
using AuthServer.Audit;
using AuthServer.Hosting;
using AuthServer.Users;

namespace AuthServer.CommandLine;

/// <summary>The options that say which events a command is about.</summary>
internal sealed class AuditFilterOptions
{
    private readonly Option<string?> user = new("--user")
    {
        Description = "Only events about this person: user name, email address, or the id of a deleted account.",
    };

    private readonly Option<string?> actor = new("--actor")
    {
        Description = "Only what this actor did: the id of a user, a client id, or an operator's account.",
    };

    private readonly Option<string?> target = new("--target") { Description = "Only events about this user id, client id, session or key." };
    private readonly Option<string?> action = new("--action") { Description = "Only this action, or all that begin so: user.locked, session." };

    private readonly Option<DateTimeOffset?> from = new("--from")
    {
        Description = "Only events from this instant on, for example 2026-11-23T18:00:00Z.",
        CustomParser = OptionValues.ParseInstant,
    };

    private readonly Option<DateTimeOffset?> to = new("--to")
    {
        Description = "Only events before this instant.",
        CustomParser = OptionValues.ParseInstant,
    };

    private Option[] All => [user, actor, target, action, from, to];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    public bool IsEmpty(ParseResult result) => All.All(option => result.GetResult(option) is null);

    /// <exception cref="OperatorException">There is no such user.</exception>
    public async Task<AuditFilter> ReadAsync(ParseResult result, IServiceProvider services, CancellationToken cancellationToken) => new()
    {
        Person = result.GetValue(user) is not { } name ? null
            : Guid.TryParse(name, out var id) ? id
            : (await services.GetRequiredService<UserLookup>().FindAsync(name, cancellationToken))?.Id
                ?? throw new OperatorException($"There is no user '{name}'."),
        Actor = result.GetValue(actor),
        Target = result.GetValue(target),
        Action = result.GetValue(action),
        From = result.GetValue(from),
        To = result.GetValue(to),
    };
}
