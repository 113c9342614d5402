using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// Sees to it that a value is used once, whichever node it comes to: the challenge of a passkey, the <c>jti</c> of a client
/// assertion (RFC 7523 3). The table's key decides between requests that come at the same moment.
/// </summary>
internal sealed class SpentValues(IServiceScopeFactory scopes)
{
    /// <param name="purpose">Keeps the values of unlike things apart. A constant, with the owner of the value in it where that matters.</param>
    /// <param name="expiresAt">From when on the caller refuses the value for its age, so that it need not be remembered.</param>
    /// <returns>False when the value has been used before.</returns>
    public async Task<bool> TrySpendAsync(string purpose, string value, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        // A context of its own: neither what the request has not saved yet nor a transaction that it is in takes part.
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
            // Each provider has an error of its own for a key that is taken; that the row is there says it for all.
            if (await context.Set<SpentValue>().AnyAsync(spent => spent.Id == id, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Whether it was used, and is not forgotten yet.</summary>
    public async Task<bool> IsSpentAsync(string purpose, string value, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var id = Id(purpose, value);
        return await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Set<SpentValue>().AnyAsync(spent => spent.Id == id && spent.ExpiresAt > now, cancellationToken);
    }

    private static string Id(string purpose, string value) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}\0{value}")));
}
