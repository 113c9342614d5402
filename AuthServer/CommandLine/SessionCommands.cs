using System.CommandLine;

namespace AuthServer.CommandLine;

/// <summary><c>session list|show|end</c>.</summary>
internal static class SessionCommands
{
    public static Command Create(CommandHost host) => new("session", "List, explain and end sign-ins.")
    {
        SessionListCommand.Create(host),
        SessionShowCommand.Create(host),
        SessionEndCommand.Create(host),
    };
}
