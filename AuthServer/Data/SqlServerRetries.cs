using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AuthServer.Data;

/// <summary>As EF retries, but for connections that cannot be opened: each attempt waits for its own timeout, and the client is to be told soon.</summary>
internal sealed class SqlServerRetries(ExecutionStrategyDependencies dependencies, int most, TimeSpan longestDelay)
    : SqlServerRetryingExecutionStrategy(dependencies, most, longestDelay, null)
{
    protected override bool ShouldRetryOn(Exception exception) => !OpeningFailures.Has(exception) && base.ShouldRetryOn(exception);
}
