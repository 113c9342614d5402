using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data;

/// <summary>
/// Keeps Npgsql from reusing a command that has failed. A connection keeps one command for the next statement. If sending it failed while
/// it was to be prepared (10.0.3, <c>Max Auto Prepare</c>), the command still believes that it is being prepared. After a crash of the
/// database, the next statement on such a connection ended with a NullReferenceException.
/// </summary>
internal sealed class PostgresFailedCommands : DbCommandInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Detach(command);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Detach(command);
        return Task.CompletedTask;
    }

    // The command is disposed next. Without a connection it is not kept for reuse.
    private static void Detach(DbCommand command) => command.Connection = null;
}
