using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace AuthServer.Data;

/// <summary>
/// Retries as Npgsql does, except when a connection cannot be opened. Each such attempt waits for its timeout at every host, and
/// the client should get an answer soon.
/// </summary>
internal sealed class PostgresRetries(ExecutionStrategyDependencies dependencies, int most, TimeSpan longestDelay)
    : NpgsqlRetryingExecutionStrategy(dependencies, most, longestDelay, null)
{
    protected override bool ShouldRetryOn(Exception? exception) =>
        exception is not null && !ConnectionFailures.Has(exception) && base.ShouldRetryOn(exception);
}
