using System.Data.Common;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Audit;

/// <summary>
/// Makes Data Protection load its keys before the process begins its first transaction. <see cref="PersonKeys"/> needs them inside of
/// transactions, and Data Protection might have to write its first key then: on SQLite, which has a single writer, it would wait for ever.
/// </summary>
internal sealed class AuditKeyRing(IDataProtectionProvider protection) : DbTransactionInterceptor
{
    private volatile bool isLoaded;

    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Load(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default)
    {
        Load(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void Load(DbContext? context)
    {
        if (isLoaded || context is not AuthDbContext { Actor: not null })
        {
            return;
        }

        // First, because Data Protection begins a transaction of its own to write a key.
        isLoaded = true;
        try
        {
            protection.CreateProtector("AuthServer.Audit.PersonKeys").Protect([]);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What needs the keys will fail, and say why.
            isLoaded = false;
        }
    }
}
