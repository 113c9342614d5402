using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data;

/// <summary>
/// Marks what goes wrong while a connection is opened. Drivers have many errors for it, an exhausted pool and "no suitable host" among
/// them, and few say that they are passing; where it happened says it for all.
/// </summary>
internal sealed class OpeningFailures : DbConnectionInterceptor
{
    private const string Mark = "AuthServer.WhileOpening";

    public static bool Has(Exception exception) => exception.Data.Contains(Mark);

    public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData) => Note(eventData.Exception);

    public override Task ConnectionFailedAsync(DbConnection connection, ConnectionErrorEventData eventData, CancellationToken cancellationToken = default)
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
