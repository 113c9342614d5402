using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data;

/// <summary>
/// Marks exceptions that occur while a connection is opened. Drivers have many errors for this, such as an exhausted pool or "no suitable
/// host", and call few of them transient. With the mark all of them count as transient.
/// </summary>
internal sealed class ConnectionFailures : DbConnectionInterceptor
{
    private const string Mark = "AuthServer.WhileOpening";

    public static bool Has(Exception exception) => exception.Data.Contains(Mark);

    public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData) => Note(eventData.Exception);

    public override Task ConnectionFailedAsync(
        DbConnection connection, ConnectionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Note(eventData.Exception);
        return Task.CompletedTask;
    }

    private static void Note(Exception exception)
    {
        if (exception is not OperationCanceledException)
        {
            exception.Data[Mark] = true;
        }
    }
}
