using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

internal static class Transactions
{
    /// <summary>
    /// Does all of the work or nothing. It joins the caller's transaction, if there is one. Otherwise it begins one, and repeats the work
    /// after a failure of the connection; so the work has to read what it changes itself.
    /// </summary>
    public static async Task<T> TransactAsync<T>(
        this AuthDbContext context, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (context.Database.CurrentTransaction is not null)
        {
            return await work(cancellationToken);
        }

        return await context.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(token);
                var result = await work(token);
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="TransactAsync{T}"/>
    public static Task TransactAsync(
        this AuthDbContext context, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        context.TransactAsync(
            async token =>
            {
                await work(token);
                return true;
            },
            cancellationToken);
}
