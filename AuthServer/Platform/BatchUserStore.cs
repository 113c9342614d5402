using AuthServer.Data;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>
/// Identity's user store for one batch of users. Names and addresses are looked up for the whole batch together, and new users are
/// written with the batch. Identity's own validators look up one user at a time, and find them here.
/// </summary>
internal sealed class BatchUserStore(AuthDbContext context) : UserStore<User, Role, AuthDbContext, Guid>(context)
{
    private readonly Dictionary<string, User> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, User> byEmail = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> entries = [];

    /// <summary>Reads the users that have one of these names or addresses.</summary>
    public async Task LookUpAsync(string[] names, string[] emails, CancellationToken cancellationToken)
    {
        AutoSaveChanges = false;
        byName.Clear();
        byEmail.Clear();
        entries.Clear();
        foreach (var user in await Context.Users.AsNoTracking().Where(user => names.Contains(user.NormalizedUserName))
            .ToListAsync(cancellationToken))
        {
            Know(user);
        }

        foreach (var user in await Context.Users.AsNoTracking().Where(user => emails.Contains(user.NormalizedEmail))
            .ToListAsync(cancellationToken))
        {
            Know(user);
        }

        Guid[] ids = [.. byName.Values.Concat(byEmail.Values).Select(user => user.Id).Distinct()];
        if (ids.Length > 0)
        {
            var bound = await Context.Set<PlatformEntry>().AsNoTracking()
                .Where(entry => entry.Kind == PlatformEntry.User && ids.Contains(entry.RowId)).ToListAsync(cancellationToken);
            bound.ForEach(entry => entries.TryAdd(entry.RowId, entry.Mark));
        }
    }

    /// <returns>The mark of the file's entry for this user; null if there is none.</returns>
    public string? EntryOf(User user) => entries.GetValueOrDefault(user.Id);

    public void Bind(User user, string mark) => entries[user.Id] = mark;

    public User? WithName(string? normalizedName) => normalizedName is null ? null : byName.GetValueOrDefault(normalizedName);

    public User? WithEmail(string? normalizedEmail) => normalizedEmail is null ? null : byEmail.GetValueOrDefault(normalizedEmail);

    public override Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken = default) =>
        Task.FromResult(WithName(normalizedUserName));

    public override Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken = default) =>
        Task.FromResult(WithEmail(normalizedEmail));

    public override Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken = default)
    {
        Know(user);
        return base.CreateAsync(user, cancellationToken);
    }

    private void Know(User user)
    {
        byName.TryAdd(user.NormalizedUserName ?? "", user);
        byEmail.TryAdd(user.NormalizedEmail ?? "", user);
    }
}
