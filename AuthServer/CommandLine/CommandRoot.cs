using System.CommandLine;

namespace AuthServer.CommandLine;

/// <summary>
/// The command line. Without a command it is the server; settings (<c>--Section:Key=value</c>) may stand on any of them.
/// </summary>
internal static class CommandRoot
{
    public static async Task<int> RunAsync(string[] args, Func<string[], Action<WebApplicationBuilder>?, WebApplication> build)
    {
        var (settings, rest) = ConfigurationArguments.Split(args);
        var host = new CommandHost(settings, build);
        var root = new RootCommand("AuthPlatform's authorization server. Without a command it serves.")
        {
            MigrateCommand.Create(host),
            ApplyCommand.Create(host),
            UserCommands.Create(host),
            ClientCommands.Create(host),
            KeyCommands.Create(host),
            SessionCommands.Create(host),
            PruneCommand.Create(host),
            HealthcheckCommand.Create(settings),
        };
        root.SetAction((_, _) => host.ServeAsync());
        return await root.Parse(rest).InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,

            // The host hears signals itself; the library's own handler dies of the second one. A command works in transactions.
            ProcessTerminationTimeout = null,
        });
    }
}
