using System.Data.Common;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Support;

/// <summary>Records the largest number of rows that one statement has deleted.</summary>
internal sealed class LargestDelete : DbCommandInterceptor
{
    public int Rows { get; private set; }

    public void Watch(IServiceCollection services)
    {
        services.ConfigureDbContext<SqliteAuthDbContext>(options => options.AddInterceptors(this));
        services.ConfigureDbContext<SqlServerAuthDbContext>(options => options.AddInterceptors(this));
        services.ConfigureDbContext<PostgresAuthDbContext>(options => options.AddInterceptors(this));
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (command.CommandText.StartsWith("DELETE", StringComparison.OrdinalIgnoreCase))
        {
            Rows = Math.Max(Rows, result);
        }

        return ValueTask.FromResult(result);
    }
}
