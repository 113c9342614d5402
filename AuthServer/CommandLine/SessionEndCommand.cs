using System.CommandLine;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.CommandLine;

internal static class SessionEndCommand
{
    public static Command Create(CommandHost host)
    {
        var id = new Argument<Guid?>("sid")
        {
            Description = "One session: the claim 'sid' of its tokens.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = OptionValues.ParseSession,
        };
        var filter = new SessionFilterOptions();
        var all = new Option<bool>("--all") { Description = "All sessions of all users." };
        var yes = OptionValues.Yes();
        var command = new Command("end", "End sign-ins. Their tokens can no longer be refreshed.") { id };
        filter.AddTo(command);
        command.Add(all);
        command.Add(yes);
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var which = await filter.ReadAsync(result, services, cancellationToken) with { Id = result.GetValue(id) };
            if (which.IsEmpty != result.GetValue(all))
            {
                throw new OperatorException("Say which sessions: an id, --user, --client, --device, --before, or --all for all of them.");
            }

            if (which.Id is { } one && !await which.Apply(services.GetRequiredService<AuthDbContext>()).AnyAsync(cancellationToken))
            {
                throw new OperatorException($"There is no session '{one}'.");
            }

            var found = await services.GetRequiredService<SessionQueries>().EndableAsync(which, cancellationToken);
            var count = await found.CountAsync(cancellationToken);
            if (!result.GetValue(yes))
            {
                Console.WriteLine($"{TextFormat.Count(count, "session")} would end. Nothing was done: --yes does it.");
                return 1;
            }

            Console.WriteLine($"Ending {TextFormat.Count(count, "session")} ...");
            var ended = await services.GetRequiredService<SessionEnd>()
                .EndAsync(found, SessionEndReasons.EndedByOperator, cause: null, cancellationToken);
            Console.WriteLine($"{TextFormat.Count(ended, "session")} ended.");
            return 0;
        }));
        return command;
    }
}
