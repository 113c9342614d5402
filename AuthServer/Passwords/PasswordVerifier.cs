using AuthServer.Data;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Passwords;

internal enum PasswordCheck
{
    Wrong,

    Right,

    /// <summary>
    /// Right, but the hash is outdated: <see cref="PasswordVerifier.RehashAsync"/> replaces it once the sign-in is allowed.
    /// </summary>
    RightByOldHash,

    /// <summary>Not checked: <see cref="PasswordHashLimit"/> had no place.</summary>
    Busy,
}

/// <summary>Checks a typed password. An unknown user, or a user without a password, costs the same as any other.</summary>
internal sealed class PasswordVerifier(IPasswordHasher<User> hasher, PasswordHashLimit gate, AuthDbContext context)
{
    private static readonly User Nobody = new();
    private static readonly Lazy<string> NobodysHash = new(() => Argon2idHash.Create(Guid.CreateVersion7().ToString()).ToString());

    public TimeSpan RetryAfter => gate.RetryAfter;

    public async Task<PasswordCheck> CheckAsync(User? user, string password, CancellationToken cancellationToken)
    {
        using var place = await gate.EnterAsync(cancellationToken);
        if (place is null)
        {
            return PasswordCheck.Busy;
        }

        if (user?.PasswordHash is not { } stored)
        {
            await OnThreadOfItsOwnAsync(() => hasher.VerifyHashedPassword(Nobody, NobodysHash.Value, password));
            return PasswordCheck.Wrong;
        }

        return await OnThreadOfItsOwnAsync(() => hasher.VerifyHashedPassword(user, stored, password)) switch
        {
            PasswordVerificationResult.Success => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordCheck.RightByOldHash,
            _ => PasswordCheck.Wrong,
        };
    }

    /// <summary>
    /// Replaces the hash of a password that was right. If the gate has no place, the next sign-in does it. The password stays the
    /// same, so the security stamp stays and no session ends.
    /// </summary>
    public async Task RehashAsync(User user, string password, CancellationToken cancellationToken)
    {
        using var place = await gate.EnterAsync(cancellationToken);
        if (place is null)
        {
            return;
        }

        // Nothing is written if the password was changed meanwhile.
        var stored = user.PasswordHash;
        var hash = await OnThreadOfItsOwnAsync(() => hasher.HashPassword(user, password));
        await context.Users
            .Where(row => row.Id == user.Id && row.PasswordHash == stored)
            .ExecuteUpdateAsync(row => row.SetProperty(entry => entry.PasswordHash, hash), cancellationToken);
    }

    // On the thread pool, concurrent hashes could take all threads and leave none for other requests.
    private static Task<TResult> OnThreadOfItsOwnAsync<TResult>(Func<TResult> hash) =>
        Task.Factory.StartNew(hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
