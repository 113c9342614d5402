using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.Data;

/// <summary>
/// Retries as EF does, except when a connection cannot be opened. Each such attempt waits for its timeout, and the client should get an
/// answer soon.
/// </summary>
internal sealed class SqlServerRetries(ExecutionStrategyDependencies dependencies, int most, TimeSpan longestDelay)
    : SqlServerRetryingExecutionStrategy(dependencies, most, longestDelay, null)
{
    protected override bool ShouldRetryOn(Exception exception) => !ConnectionFailures.Has(exception) && base.ShouldRetryOn(exception);
}
