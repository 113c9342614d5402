using System.Text.Json;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>
/// Creates the declared users, once. An existing user keeps name, address, password and roles; the file only adds roles that it did not
/// give before. A user that was deleted here is not created again.
/// </summary>
internal sealed class UserApplier(ILookupNormalizer normalizer, IServiceProvider services, TimeProvider time)
{
    // Errors of Identity that concern another user, not the entry itself.
    private static readonly string[] Conflicts =
    [
        nameof(IdentityErrorDescriber.DuplicateUserName),
        nameof(IdentityErrorDescriber.DuplicateEmail),
    ];

    /// <param name="roles">The ids of all roles by normalized name.</param>
    public async Task ApplyAsync(
        PlatformDocument document, IReadOnlyDictionary<string, Guid> roles, ApplyRun run, CancellationToken cancellationToken)
    {
        var declaredRoles = document.Roles.Select(role => normalizer.NormalizeName(role.Name)).ToHashSet(StringComparer.Ordinal);
        var people = new BatchUserStore(run.Context);
        var users = ActivatorUtilities.CreateInstance<UserManager<User>>(services, people);
        var done = 0;
        foreach (var batch in document.Users.Chunk(ApplyRun.BatchSize))
        {
            foreach (var (place, role) in batch.SelectMany(entry => entry.Roles))
            {
                if (normalizer.NormalizeName(role) is var name && !roles.ContainsKey(name) && !declaredRoles.Contains(name))
                {
                    run.Report.Problem(place, $"The role '{role}' is neither in this file nor in the database.");
                }
            }

            var known = await run.EntriesAsync(PlatformEntry.User, [.. batch.Select(MarkOf)], cancellationToken);
            var bound = await BoundAsync(known, run, cancellationToken);
            UserEntry[] unknown = [.. batch.Where(entry => !known.ContainsKey(MarkOf(entry)) || run.Recreates(entry.Mark))];
            await people.LookUpAsync(
                [.. unknown.Select(entry => normalizer.NormalizeName(entry.Name))],
                [.. unknown.Select(entry => normalizer.NormalizeEmail(entry.Email))],
                cancellationToken);
            foreach (var entry in batch)
            {
                if (!known.TryGetValue(MarkOf(entry), out var applied))
                {
                    await BeginAsync(entry, null, users, people, roles, run);
                }
                else if (bound.TryGetValue(applied.RowId, out var user))
                {
                    await GiveNewRolesAsync(entry, applied, user, roles, run, cancellationToken);
                }
                else if (run.Recreates(entry.Mark))
                {
                    await BeginAsync(entry, applied, users, people, roles, run);
                }
                else
                {
                    run.Report.Unchanged();
                    run.Report.Keep($"user {entry.Mark}: the account was deleted here (--recreate {entry.Mark} makes it again)");
                }
            }

            await run.SaveAsync(cancellationToken);
            run.Progress("users", done += batch.Length, document.Users.Count);
        }
    }

    private string MarkOf(UserEntry entry) => normalizer.NormalizeName(entry.Mark);

    private static async Task<Dictionary<Guid, User>> BoundAsync(
        Dictionary<string, PlatformEntry> known, ApplyRun run, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. known.Values.Select(entry => entry.RowId)];
        return ids.Length is 0
            ? []
            : await run.Context.Users.AsNoTracking().Where(user => ids.Contains(user.Id))
                .ToDictionaryAsync(user => user.Id, cancellationToken);
    }

    private IEnumerable<User> Found(UserEntry entry, BatchUserStore people) =>
        new[] { people.WithName(normalizer.NormalizeName(entry.Name)), people.WithEmail(normalizer.NormalizeEmail(entry.Email)) }
            .OfType<User>().DistinctBy(user => user.Id);

    private async Task BeginAsync(
        UserEntry entry,
        PlatformEntry? applied,
        UserManager<User> users,
        BatchUserStore people,
        IReadOnlyDictionary<string, Guid> roles,
        ApplyRun run)
    {
        User[] found = [.. Found(entry, people)];
        if (found.Length > 1)
        {
            run.Report.Warning(
                entry.Place,
                $"The user '{entry.Name}' is not created: the name and the address '{entry.Email}' belong to two other accounts.");
        }
        else if (found is [var other] && people.EntryOf(other) is { } owner)
        {
            run.Report.Warning(
                entry.Place,
                $"The user '{entry.Name}' is not created: the name or the address '{entry.Email}' belongs to '{other.UserName}', "
                + $"the user of the entry '{owner}'. To rename an entry, give it 'key: {owner}'.");
        }
        else if (found is [var person])
        {
            run.Report.Adopted($"user {entry.Name}: '{person.UserName}' existed before and is not changed");
            if (entry.Roles.Count > 0)
            {
                run.Report.Warning(
                    entry.Place,
                    $"'{person.UserName}' existed before this file, which gives no role to such an "
                    + "account. Use 'AuthServer user role add'.");
            }

            people.Bind(person, MarkOf(entry));
            Remember(entry, applied, person.Id, isAdopted: true, run);
        }
        else
        {
            await CreateAsync(entry, applied, users, people, roles, run);
        }
    }

    private async Task CreateAsync(
        UserEntry entry,
        PlatformEntry? applied,
        UserManager<User> users,
        BatchUserStore people,
        IReadOnlyDictionary<string, Guid> roles,
        ApplyRun run)
    {
        var user = new User
        {
            Id = Guid.CreateVersion7(),
            UserName = entry.Name,
            Email = entry.Email,
            EmailConfirmed = entry.EmailConfirmed,
            DisplayName = entry.DisplayName,
            CreatedAt = time.GetUtcNow(),
            PasswordHash = entry.PasswordHash,
        };
        if (entry.Password is not null && !await SetPasswordAsync(user, entry, users, run))
        {
            return;
        }

        var result = await users.CreateAsync(user);
        if (!result.Succeeded)
        {
            foreach (var error in result.Errors)
            {
                if (Conflicts.Contains(error.Code))
                {
                    run.Report.Warning(entry.Place, $"The user '{entry.Name}' is not created: {error.Description}");
                }
                else
                {
                    run.Report.Problem(entry.Place, error.Description);
                }
            }

            return;
        }

        run.MayWrite();
        people.Bind(user, MarkOf(entry));
        foreach (var role in entry.Roles.Select(role => normalizer.NormalizeName(role.Name)).Distinct().Where(roles.ContainsKey))
        {
            run.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = roles[role] });
        }

        run.Report.Created($"user {entry.Name}");
        Remember(entry, applied, user.Id, isAdopted: false, run);
    }

    // A rehearsal only notes the password. It is hashed before the transaction begins, because other requests wait for the transaction.
    private static async Task<bool> SetPasswordAsync(User user, UserEntry entry, UserManager<User> users, ApplyRun run)
    {
        if (!run.Hashes.TryGetValue(entry, out var hash))
        {
            var isGood = true;
            foreach (var validator in users.PasswordValidators)
            {
                foreach (var error in (await validator.ValidateAsync(users, user, entry.Password)).Errors)
                {
                    isGood = false;
                    run.Report.Problem(entry.Place, error.Description);
                }
            }

            if (!isGood)
            {
                return false;
            }

            run.Hashes[entry] = hash = run.Keeps ? users.PasswordHasher.HashPassword(user, entry.Password!) : "";
        }

        user.PasswordHash = hash;
        return true;
    }

    private async Task GiveNewRolesAsync(
        UserEntry entry, PlatformEntry applied, User user, IReadOnlyDictionary<string, Guid> roles, ApplyRun run,
        CancellationToken cancellationToken)
    {
        var said = JsonSerializer.Deserialize<string[]>(applied.Declared)!;
        string[] given = [.. entry.Roles.Where(role => !said.Contains(normalizer.NormalizeName(role.Name))).Select(role => role.Name)];
        if (given.Length > 0 && applied.IsAdopted)
        {
            run.Report.Warning(
                entry.Place,
                $"'{user.UserName}' existed before this file, which gives no role to such an account. Use 'AuthServer user role add'.");
        }

        if (given.Length > 0 && !applied.IsAdopted)
        {
            Guid[] ids =
                [.. given.Select(role => normalizer.NormalizeName(role)).Where(roles.ContainsKey).Select(role => roles[role]).Distinct()];
            var held = await run.Context.UserRoles.AsNoTracking()
                .Where(row => row.UserId == user.Id).Select(row => row.RoleId).ToListAsync(cancellationToken);
            foreach (var id in ids.Except(held))
            {
                run.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = id });
            }

            run.Report.Changed($"user {user.UserName}: role {string.Join(", ", given)}");
        }
        else
        {
            run.Report.Unchanged();
        }

        string[] other =
        [
            .. user.NormalizedUserName != normalizer.NormalizeName(entry.Name) ? ["name"] : Array.Empty<string>(),
            .. user.NormalizedEmail != normalizer.NormalizeEmail(entry.Email) ? ["email"] : Array.Empty<string>(),
            .. user.DisplayName != entry.DisplayName ? ["display_name"] : Array.Empty<string>(),
        ];
        if (other.Length > 0)
        {
            run.Report.Keep($"user {entry.Mark}: {string.Join(", ", other)} {(other.Length is 1 ? "is" : "are")} not as in the file");
        }

        Remember(entry, applied, user.Id, applied.IsAdopted, run);
    }

    private void Remember(UserEntry entry, PlatformEntry? applied, Guid id, bool isAdopted, ApplyRun run) =>
        run.Remember(applied, new PlatformEntry
        {
            Kind = PlatformEntry.User,
            Mark = MarkOf(entry),
            RowId = id,
            IsAdopted = isAdopted,
            Declared = JsonSerializer.Serialize(
                entry.Roles.Select(role => normalizer.NormalizeName(role.Name)).Distinct().Order(StringComparer.Ordinal)),
        });
}
