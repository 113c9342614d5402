using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// Ensures that a value is used only once, whichever node receives it. Examples are the challenge of a passkey and the <c>jti</c> of a
/// client assertion (RFC 7523 3). Of several concurrent requests, the table's primary key lets exactly one win.
/// </summary>
internal sealed class SpentValues(IServiceScopeFactory scopes)
{
    /// <param name="purpose">
    /// Keeps different kinds of values apart. A constant, with the owner of the value in it where that matters.
    /// </param>
    /// <param name="expiresAt">After this time the caller refuses the value because of its age, so that it need not be remembered.</param>
    /// <returns>False if the value has been used before.</returns>
    public async Task<bool> TrySpendAsync(string purpose, string value, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        // A separate context, so that unsaved changes and an open transaction of the request take no part.
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var id = Id(purpose, value);
        context.Add(new SpentValue { Id = id, ExpiresAt = expiresAt });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // Each provider has its own error for a duplicate key. Looking for the row works on all of them.
            if (await context.Set<SpentValue>().AnyAsync(spent => spent.Id == id, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>True if the value was used and has not expired.</summary>
    public async Task<bool> IsSpentAsync(string purpose, string value, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var id = Id(purpose, value);
        return await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Set<SpentValue>()
            .AnyAsync(spent => spent.Id == id && spent.ExpiresAt > now, cancellationToken);
    }

    private static string Id(string purpose, string value) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}\0{value}")));
}
