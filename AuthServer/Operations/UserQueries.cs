using System.Buffers.Text;
using AuthServer.Data;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Operations;

/// <summary>Selects users. A property that is null does not restrict the selection.</summary>
internal sealed record UserFilter
{
    /// <summary>Also the <c>sub</c> of tokens.</summary>
    public Guid? Id { get; init; }

    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>The user of this session.</summary>
    public Guid? Session { get; init; }

    public string? Email { get; init; }

    /// <summary>The user name or the address, whole.</summary>
    public string? Name { get; init; }

    /// <summary>The beginning of the user name.</summary>
    public string? NamePrefix { get; init; }

    /// <summary>The holders of this role.</summary>
    public string? Role { get; init; }

    public bool? IsLocked { get; init; }

    public DateTimeOffset? AddedBefore { get; init; }

    public bool IsEmpty => this == new UserFilter();
}

/// <summary>Reads users for commands and for the administration API.</summary>
internal sealed class UserQueries(
    AuthDbContext context, UserManager<User> users, ILookupNormalizer normalizer, Lockout lockout, Authenticators authenticators,
    SessionQueries sessions, TimeProvider time)
{
    // PostgreSQL has an index in this order, which also finds the beginnings of names.
    private const string PostgresOrder = "C";

    /// <summary>The users that a holder of the roles may see; null for all.</summary>
    public IQueryable<User> In(IReadOnlySet<Guid>? roles)
    {
        var all = context.Users.AsNoTracking();
        return roles is null
            ? all
            : all.Where(user => context.UserRoles.Any(held => held.UserId == user.Id && roles.Contains(held.RoleId)));
    }

    /// <param name="which">From <see cref="In"/>.</param>
    /// <param name="after">The name of the last user of the page before, normalized; "" for the first page.</param>
    /// <returns>In the order of names, one more than <paramref name="limit"/> if there are more. One statement.</returns>
    public async Task<IReadOnlyList<(string Position, UserSummary User)>> PageAsync(
        IQueryable<User> which, UserFilter filter, string after, int limit, CancellationToken cancellationToken)
    {
        var locked = lockout.LockedAt(time.GetUtcNow());
        var found = Matching(which, filter);
#pragma warning disable CA1309 // the database compares with the collation that it also sorts with
        var page = context.Database.IsNpgsql()
            ? found.Where(user => string.Compare(EF.Functions.Collate(user.NormalizedUserName!, PostgresOrder), after) > 0)
                .OrderBy(user => EF.Functions.Collate(user.NormalizedUserName!, PostgresOrder))
            : found.Where(user => string.Compare(user.NormalizedUserName, after) > 0).OrderBy(user => user.NormalizedUserName);
#pragma warning restore CA1309
        var rows = await page.Take(limit).Select(user => new
        {
            User = user,
            Roles = (from held in context.UserRoles
                     join role in context.Roles on held.RoleId equals role.Id
                     where held.UserId == user.Id
                     orderby role.Name
                     select role.Name!).ToList(),
            LockedOutUntil = locked.Where(row => row.Account == user.Id).Select(row => row.LockedUntil).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => (row.User.NormalizedUserName!, Summary(row.User, row.Roles, row.LockedOutUntil)));
    }

    public async Task<UserView> ViewAsync(User user, CancellationToken cancellationToken)
    {
        var lockedOutUntil = await lockout.LockedAt(time.GetUtcNow()).Where(row => row.Account == user.Id)
            .Select(row => row.LockedUntil).FirstOrDefaultAsync(cancellationToken);
        var roles = (await users.GetRolesAsync(user)).Order(StringComparer.Ordinal).ToList();
        var authenticator = await authenticators.FindAsync(user.Id, cancellationToken);
        var passkeys = (await users.GetPasskeysAsync(user)).OrderBy(passkey => passkey.CreatedAt);
        var active = await sessions.Active(new SessionFilter { User = user.Id }).CountAsync(cancellationToken);
        var summary = Summary(user, roles, lockedOutUntil);
        return new UserView(
            summary.Id,
            summary.Name,
            summary.Email,
            summary.EmailConfirmed,
            summary.DisplayName,
            summary.State,
            summary.CreatedAt,
            summary.DisabledAt,
            summary.LockedOutUntil,
            summary.Roles,
            user.Language,
            user.PasswordHash is not null,
            authenticator?.ConfirmedAt,
            [.. passkeys.Select(key => new PasskeyView(Base64Url.EncodeToString(key.CredentialId), key.Name, key.CreatedAt))],
            active)
        {
            Version = user.ConcurrencyStamp,
        };
    }

    private static UserSummary Summary(User user, IReadOnlyList<string> roles, DateTimeOffset? lockedOutUntil) => new(
        user.Id,
        user.UserName!,
        user.Email,
        user.EmailConfirmed,
        user.DisplayName,
        UserSummary.StateOf(user, lockedOutUntil),
        user.CreatedAt,
        user.DisabledAt,
        lockedOutUntil,
        roles)
    {
        Version = user.ConcurrencyStamp,
    };

    /// <param name="found">From <see cref="In"/>.</param>
    public IQueryable<User> Matching(IQueryable<User> found, UserFilter filter)
    {
        if (filter.Ids is { } ids)
        {
            found = found.Where(user => ids.Contains(user.Id));
        }

        if (filter.AddedBefore is { } before)
        {
            found = found.Where(user => user.CreatedAt < before);
        }

        if (filter.Id is { } id)
        {
            found = found.Where(user => user.Id == id);
        }

        if (filter.Session is { } session)
        {
            found = found.Where(user => context.Sessions.Any(row => row.Id == session && row.UserId == user.Id));
        }

        if (filter.Email is { } address && normalizer.NormalizeEmail(address) is { } email)
        {
            found = found.Where(user => user.NormalizedEmail == email);
        }

        if (filter.Name is { } typed)
        {
            var (asName, asEmail) = (normalizer.NormalizeName(typed), normalizer.NormalizeEmail(typed));
            found = found.Where(user => user.NormalizedUserName == asName || user.NormalizedEmail == asEmail);
        }

        if (filter.NamePrefix is { } prefix && normalizer.NormalizeName(prefix) is { } start)
        {
            // Invisible characters alone, or in a name, are the beginning of nobody's name, not of everybody's.
            found = start.Length is 0 && prefix.Length > 0 ? found.Where(_ => false)
                : context.Database.IsNpgsql()
                ? found.Where(user => EF.Functions.Collate(user.NormalizedUserName!, PostgresOrder).StartsWith(start))
                : found.Where(user => user.NormalizedUserName!.StartsWith(start));
        }

        if (filter.Role is { } roleName)
        {
            var role = normalizer.NormalizeName(roleName);
            found = found.Where(user => context.UserRoles.Any(held => held.UserId == user.Id
                && context.Roles.Any(row => row.Id == held.RoleId && row.NormalizedName == role)));
        }

        return filter.IsLocked switch
        {
            true => found.Where(user => user.DisabledAt != null),
            false => found.Where(user => user.DisabledAt == null),
            null => found,
        };
    }
}
