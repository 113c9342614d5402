using System.CommandLine;

namespace AuthServer.CommandLine;

/// <summary><c>audit list|export|verify</c>.</summary>
internal static class AuditCommands
{
    public static Command Create(CommandHost host) => new("audit", "Read, export and verify the record of who did what.")
    {
        AuditListCommand.Create(host),
        AuditExportCommand.Create(host),
        AuditVerifyCommand.Create(host),
    };
}
