using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace AuthServer.Data;

/// <summary>As Npgsql retries, but for connections that cannot be opened: each attempt waits for its own timeout at every host, and the client is to be told soon.</summary>
internal sealed class PostgresRetries(ExecutionStrategyDependencies dependencies, int most, TimeSpan longestDelay)
    : NpgsqlRetryingExecutionStrategy(dependencies, most, longestDelay, null)
{
    protected override bool ShouldRetryOn(Exception? exception) => exception is not null && !OpeningFailures.Has(exception) && base.ShouldRetryOn(exception);
}
