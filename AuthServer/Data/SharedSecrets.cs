using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Creates a shared secret when it is first needed, and caches it.</summary>
internal sealed class SharedSecrets(IServiceScopeFactory scopes, IDataProtectionProvider protection)
{
    private const int Bytes = 32;

    private readonly IDataProtector protector = protection.CreateProtector(typeof(SharedSecrets).FullName!);
    private readonly ConcurrentDictionary<string, byte[]> known = new(StringComparer.Ordinal);

    public async ValueTask<byte[]> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(name, out var secret))
        {
            return secret;
        }

        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        secret = await ReadAsync(context, name, cancellationToken) ?? await CreateAsync(context, name, cancellationToken);
        return known[name] = secret;
    }

    private async Task<byte[]?> ReadAsync(AuthDbContext context, string name, CancellationToken cancellationToken)
    {
        var row = await context.Set<SharedSecret>().AsNoTracking().SingleOrDefaultAsync(secret => secret.Name == name, cancellationToken);
        if (row is null)
        {
            return null;
        }

        try
        {
            return protector.Unprotect(Convert.FromBase64String(row.ProtectedValue));
        }
        catch (CryptographicException)
        {
            // The keys that protected the secret are gone, so nobody can read it any more. The caller makes a new one.
            await context.Set<SharedSecret>()
                .Where(secret => secret.Name == name && secret.ProtectedValue == row.ProtectedValue).ExecuteDeleteAsync(cancellationToken);
            return null;
        }
    }

    private async Task<byte[]> CreateAsync(AuthDbContext context, string name, CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(Bytes);
        context.Add(new SharedSecret { Name = name, ProtectedValue = Convert.ToBase64String(protector.Protect(secret)) });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return secret;
        }
        catch (DbUpdateException)
        {
            // Another node was first.
            context.ChangeTracker.Clear();
            if (await ReadAsync(context, name, cancellationToken) is { } others)
            {
                return others;
            }

            throw;
        }
    }
}
