using AuthServer.Data;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Passwords;

internal enum PasswordCheck
{
    Wrong,

    Right,

    /// <summary>Right, and its hash is not of today's making: <see cref="PasswordVerifier.RehashAsync"/> when the sign-in is allowed.</summary>
    RightByOldHash,

    /// <summary>Not looked at: <see cref="PasswordGate"/> had no place.</summary>
    Busy,
}

/// <summary>Checks a typed password. A user who is not there, or has no password, costs the same as one who is.</summary>
internal sealed class PasswordVerifier(IPasswordHasher<User> hasher, PasswordGate gate, AuthDbContext context)
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
    /// Replaces the hash of a password that was right; when the gate has no place, at the next sign-in. The password is
    /// the same, so the security stamp stays and no sign-in ends.
    /// </summary>
    public async Task RehashAsync(User user, string password, CancellationToken cancellationToken)
    {
        using var place = await gate.EnterAsync(cancellationToken);
        if (place is null)
        {
            return;
        }

        // Nothing is written when somebody has changed the password meanwhile.
        var stored = user.PasswordHash;
        var hash = await OnThreadOfItsOwnAsync(() => hasher.HashPassword(user, password));
        await context.Users
            .Where(row => row.Id == user.Id && row.PasswordHash == stored)
            .ExecuteUpdateAsync(row => row.SetProperty(entry => entry.PasswordHash, hash), cancellationToken);
    }

    // As many hashes at once as the pool has threads would leave none for all other requests.
    private static Task<TResult> OnThreadOfItsOwnAsync<TResult>(Func<TResult> hash) =>
        Task.Factory.StartNew(hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
