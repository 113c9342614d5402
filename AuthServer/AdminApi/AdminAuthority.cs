using AuthServer.Administration;
using AuthServer.Data;
using AuthServer.Operations;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.AdminApi;

/// <summary>What a caller may do to whom. The limits are part of the statements, so no count and no list tells of more.</summary>
internal sealed class AdminAuthority(
    AuthDbContext context, RolePermissionStore permissions, UserQueries users, AdminChallenge challenge,
    ILookupNormalizer normalizer)
{
    public IQueryable<User> Visible(AdminCaller caller, string scope) => users.In(caller.Allowed.RolesFor(scope));

    /// <returns>Those sessions whose users the caller may see with the scope.</returns>
    public IQueryable<Session> Visible(AdminCaller caller, string scope, IQueryable<Session> which)
    {
        if (caller.Allowed.HasForAll(scope))
        {
            return which;
        }

        var visible = Visible(caller, scope).Select(user => user.Id);
        return which.Where(session => visible.Contains(session.UserId));
    }

    /// <returns>A user whom the caller may see with the scope.</returns>
    /// <exception cref="Hosting.OperationException">There is none, or the caller may not see it: the answer is the same.</exception>
    public async Task<User> FindAsync(AdminCaller caller, string scope, Guid id, CancellationToken cancellationToken) =>
        await Visible(caller, scope).SingleOrDefaultAsync(user => user.Id == id, cancellationToken)
            ?? throw UserOperations.NoUser(id.ToString());

    /// <returns>A user whom the caller may change with the scope.</returns>
    /// <exception cref="AdminProblem">The user may do more than the caller.</exception>
    public async Task<User> FindToChangeAsync(AdminCaller caller, string scope, Guid id, CancellationToken cancellationToken)
    {
        var user = await FindAsync(caller, scope, id, cancellationToken);
        Require(caller, await permissions.OfUserAsync(id, cancellationToken));
        return user;
    }

    /// <summary>
    /// Requires that the token allows all that somebody is to get or lose, and a fresh sign-in if it is anything: otherwise a token with one
    /// scope could make an administrator with all of them.
    /// </summary>
    /// <exception cref="AdminProblem">It is more than the token allows, or the sign-in is not fresh.</exception>
    public void RequireGiving(HttpContext http, AdminCaller caller, AdminPower power)
    {
        if (!caller.Allowed.Covers(power))
        {
            throw new AdminProblem(ProblemKind.TooPowerful);
        }

        if (!power.IsNone)
        {
            challenge.Authorize(http, caller, new AdminOperation(null, IsFresh: true));
        }
    }

    /// <summary>Requires that the caller may do at least as much as whom or what they would change.</summary>
    /// <exception cref="AdminProblem">It may do more than the caller.</exception>
    public static void Require(AdminCaller caller, AdminPower power)
    {
        if (!caller.Power.Covers(power))
        {
            throw new AdminProblem(ProblemKind.TooPowerful);
        }
    }

    /// <summary>
    /// Requires that the caller may do, with all users, what an app may do with these scopes: for itself, or for the administrators who use
    /// it.
    /// </summary>
    /// <exception cref="AdminProblem">It is more than the caller has.</exception>
    public void RequireScopes(HttpContext http, AdminCaller caller, IEnumerable<string>? scopes) =>
        RequireGiving(http, caller, AdminPower.Full.LimitedTo((scopes ?? []).ToHashSet(StringComparer.Ordinal)));

    /// <param name="names">Roles that somebody is to get or lose. Names that do not exist are left out.</param>
    /// <returns>Their ids.</returns>
    /// <exception cref="AdminProblem">
    /// A role allows more than the caller may do. Or it is not the caller's to give: apps may know what it means, so that only its holders,
    /// those who administer its holders, and those who may change roles can give it.
    /// </exception>
    public async Task<IReadOnlyList<Guid>> RequireRolesAsync(
        HttpContext http, AdminCaller caller, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (names.Count is 0)
        {
            return [];
        }

        var normalized = names.Select(name => normalizer.NormalizeName(name)).ToList();
        var ids = await context.Roles.AsNoTracking().Where(role => normalized.Contains(role.NormalizedName!)).Select(role => role.Id)
            .ToListAsync(cancellationToken);
        RequireGiving(http, caller, AdminPower.Of(await permissions.OfRolesAsync(ids, cancellationToken)));
        if (!caller.Allowed.HasForAll(AdminScopes.RolesWrite))
        {
            var own = await context.UserRoles.AsNoTracking().Where(held => held.UserId == caller.User).Select(held => held.RoleId)
                .ToListAsync(cancellationToken);
            if (ids.Except(own).Except(caller.Allowed.RolesFor(AdminScopes.UsersWrite) ?? new HashSet<Guid>()).Any())
            {
                throw new AdminProblem(ProblemKind.TooPowerful, "You may give and take only roles that you have or administer.");
            }
        }

        return ids;
    }

    /// <returns>Those sessions whose users may not do more than the caller.</returns>
    public async Task<IQueryable<Session>> WithoutMorePowerfulAsync(
        AdminCaller caller, IQueryable<Session> which, CancellationToken cancellationToken)
    {
        var stronger = await StrongerThanAsync(caller, cancellationToken);
        return stronger.Count is 0 ? which : which.Where(session => !stronger.Contains(session.UserId));
    }

    /// <returns>Those users who may not do more than the caller.</returns>
    public async Task<IQueryable<User>> WithoutMorePowerfulAsync(
        AdminCaller caller, IQueryable<User> which, CancellationToken cancellationToken)
    {
        var stronger = await StrongerThanAsync(caller, cancellationToken);
        return stronger.Count is 0 ? which : which.Where(user => !stronger.Contains(user.Id));
    }

    private async Task<IReadOnlyList<Guid>> StrongerThanAsync(AdminCaller caller, CancellationToken cancellationToken) =>
        [.. (await permissions.HoldersAsync(cancellationToken)).Where(holder => !caller.Power.Covers(holder.Value))
            .Select(holder => holder.Key)];

    /// <summary>
    /// Waits until nobody else changes who may do what, which is then so until the end of the transaction. Whoever has lost power, or their
    /// sign-in, while they waited does nothing any more.
    /// </summary>
    /// <exception cref="AdminProblem">The caller may do less than when the request began.</exception>
    public async Task WaitForOthersAsync(AdminCaller caller, CancellationToken cancellationToken)
    {
        await permissions.WaitForOthersAsync(cancellationToken);
        if (caller.User is { } user
            && ((await permissions.OfUserAsync(user, cancellationToken)).ToString() != caller.Power.ToString()
                || !await context.Users.AnyAsync(row => row.Id == user && row.DisabledAt == null, cancellationToken)
                || await context.Sessions.AnyAsync(row => row.Id == caller.Session && row.EndedAt != null, cancellationToken)))
        {
            throw new AdminProblem(ProblemKind.Stale, "Somebody has changed what you may do while the request waited. Send it again.");
        }
    }

    /// <summary>
    /// Does something that can leave nobody with every scope. Within the transaction of the request; until its end, no other request changes
    /// who may do what.
    /// </summary>
    /// <exception cref="AdminProblem">Nobody would be left.</exception>
    public async Task KeepingAnAdministratorAsync(AdminCaller caller, Func<Task> change, CancellationToken cancellationToken)
    {
        await WaitForOthersAsync(caller, cancellationToken);
        await LeavingAnAdministratorAsync(change, cancellationToken);
    }

    /// <inheritdoc cref="KeepingAnAdministratorAsync(AdminCaller, Func{Task}, CancellationToken)"/>
    public async Task<T> KeepingAnAdministratorAsync<T>(AdminCaller caller, Func<Task<T>> change, CancellationToken cancellationToken)
    {
        T result = default!;
        await KeepingAnAdministratorAsync(caller, async () => { result = await change(); }, cancellationToken);
        return result;
    }

    /// <summary>The same, after <see cref="WaitForOthersAsync"/>.</summary>
    public async Task LeavingAnAdministratorAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        var before = await permissions.FullAdminsAsync(cancellationToken);
        await change();
        if (before.Count > 0 && (await permissions.FullAdminsAsync(cancellationToken)).Count is 0)
        {
            throw new AdminProblem(ProblemKind.LastAdministrator);
        }
    }
}
