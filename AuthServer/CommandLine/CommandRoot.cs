using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AuthServer.CommandLine;

/// <summary>
/// The command line. Without a command it runs the server. Settings (<c>--Section:Key=value</c>) may stand anywhere on the line.
/// </summary>
internal static class CommandRoot
{
    public static async Task<int> RunAsync(
        string[] args, Func<string[], WebApplicationBuilder> build, Action<WebApplicationBuilder> serve, Action<WebApplication> use)
    {
        var (settings, rest) = ConfigurationArguments.Split(args);
        var host = new CommandHost(settings, build, serve, use);
        var root = Create(host, settings);
        root.SetAction((_, _) => host.ServeAsync());
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new DatabaseHelp((HelpAction)help.Action!, settings);
        }

        var parsed = root.Parse(rest);
        if (parsed.Action is ParseErrorAction && (parsed.UnmatchedTokens.Count > 0 || parsed.CommandResult.Command.Subcommands.Count is 0))
        {
            // The library prints the whole help with each mistake, and the message gets lost in it.
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            return 1;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,

            // No signal handling by the library: the server's host has its own, and the library's ends the process at the second signal.
            // A command needs none, because it works in transactions.
            ProcessTerminationTimeout = null,
        });
    }

    public static RootCommand Create(CommandHost host, string[] settings) => new("AuthPlatform's authorization server. Without a command it serves.")
    {
        MigrateCommand.Create(host),
        ApplyCommand.Create(host),
        UserCommands.Create(host),
        AdminCommands.Create(host),
        ClientCommands.Create(host),
        KeyCommands.Create(host),
        SessionCommands.Create(host),
        AuditCommands.Create(host),
        TraceCommand.Create(host),
        PruneCommand.Create(host),
        PasswordsCommands.Create(),
        HealthcheckCommand.Create(settings),
    };
}
