using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data;

/// <summary>
/// Keeps Npgsql from using a command again that has failed. Its connections keep one command for the next statement, and
/// one that could not be sent while PostgreSQL was to plan it (10.0.3, <c>Max Auto Prepare</c>) remembers that it is being
/// planned: after a crash of the database, the next statement on such a connection ended with a NullReferenceException.
/// </summary>
internal sealed class PostgresFailedCommands : DbCommandInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Detach(command);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Detach(command);
        return Task.CompletedTask;
    }

    // When it is disposed, which is next, it finds no connection to be kept by.
    private static void Detach(DbCommand command) => command.Connection = null;
}
