using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Users;

/// <summary>Finds the user by what was typed, which may be the user name or the email address, in one query.</summary>
internal sealed class UserLookup(AuthDbContext context, ILookupNormalizer normalizer)
{
    /// <summary>The maximum length of a user name or an address.</summary>
    public const int LongestName = 256;

    public async Task<User?> FindAsync(string nameOrEmail, CancellationToken cancellationToken)
    {
        var name = normalizer.NormalizeName(nameOrEmail);
        var email = normalizer.NormalizeEmail(nameOrEmail);
        var found = await context.Users
            .Where(user => user.NormalizedUserName == name || user.NormalizedEmail == email)
            .Take(2)
            .ToListAsync(cancellationToken);

        // A user name that is another account's address is refused when it is chosen. If there is one anyway, the address wins.
        return found.Find(user => user.NormalizedEmail == email) ?? found.FirstOrDefault();
    }
}
