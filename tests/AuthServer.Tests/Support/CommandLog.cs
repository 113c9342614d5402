using System.Collections.Concurrent;
using System.Data.Common;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Support;

/// <summary>Records the statements that a server sends to its database, without their values.</summary>
internal sealed class CommandLog : DbCommandInterceptor
{
    public ConcurrentQueue<string> Statements { get; } = new();

    public void KeepIn(IServiceCollection services) =>
        services.ConfigureDbContext<SqliteAuthDbContext>(options => options.AddInterceptors(this));

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        Statements.Enqueue(command.CommandText);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Statements.Enqueue(command.CommandText);
        return ValueTask.FromResult(result);
    }
}
