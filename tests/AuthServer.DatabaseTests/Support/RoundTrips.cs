using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.DatabaseTests.Support;

/// <summary>
/// Counts commands and commits. The beginning of a transaction is sent with its first command (PostgreSQL), so it is not counted.
/// </summary>
internal sealed class RoundTrips
{
    private int count;

    public RoundTrips() => (OfCommands, OfTransactions) = (new Commands(this), new Transactions(this));

    public int Count => Volatile.Read(ref count);

    public IInterceptor OfCommands { get; }

    public IInterceptor OfTransactions { get; }

    public void Restart() => Interlocked.Exchange(ref count, 0);

    private void Add() => Interlocked.Increment(ref count);

    private sealed class Commands(RoundTrips all) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            all.Add();
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            all.Add();
            return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
        }
    }

    private sealed class Transactions(RoundTrips all) : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result,
            CancellationToken cancellationToken = default)
        {
            all.Add();
            return base.TransactionCommittingAsync(transaction, eventData, result, cancellationToken);
        }
    }
}
