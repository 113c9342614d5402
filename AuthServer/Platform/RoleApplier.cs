using System.Text.Json;
using AuthServer.Administration;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>
/// Creates the declared roles and sets what they allow in the administration API. A role that was deleted here is not created again, and
/// what was changed here stays until the file says something else than at its last apply.
/// </summary>
internal sealed class RoleApplier(ILookupNormalizer normalizer, RolePermissionStore permissions)
{
    /// <returns>The ids of all roles by normalized name, including the roles of this file.</returns>
    public async Task<Dictionary<string, Guid>> ApplyAsync(PlatformDocument document, ApplyRun run, CancellationToken cancellationToken)
    {
        var there = await run.Context.Roles.AsNoTracking()
            .ToDictionaryAsync(role => role.NormalizedName!, role => role.Id, StringComparer.Ordinal, cancellationToken);
        var marks = document.Roles.Select(role => normalizer.NormalizeName(role.Name)).ToList();
        var known = await run.EntriesAsync(PlatformEntry.Role, marks, cancellationToken);
        var applied = new List<(RoleEntry Entry, string Mark, bool IsNew)>();
        foreach (var (entry, mark) in document.Roles.Zip(marks))
        {
            var isThere = there.ContainsKey(mark);
            if (!isThere && known.ContainsKey(mark))
            {
                run.Report.Unchanged();
                run.Report.Keep($"role {entry.Name}: it was deleted here");
                continue;
            }

            if (!isThere)
            {
                there[mark] = Guid.CreateVersion7();
                run.Add(new Role { Id = there[mark], Name = entry.Name, NormalizedName = mark });
            }

            applied.Add((entry, mark, !isThere));
        }

        // After all roles have their ids, because a role can name others.
        foreach (var (entry, mark, isNew) in applied)
        {
            await PermitAsync(entry, mark, isNew, known.GetValueOrDefault(mark), there, marks, run, cancellationToken);
        }

        await run.SaveAsync(cancellationToken);
        return there;
    }

    private async Task PermitAsync(
        RoleEntry entry, string mark, bool isNew, PlatformEntry? known, Dictionary<string, Guid> roles,
        IReadOnlyCollection<string> declared, ApplyRun run,
        CancellationToken cancellationToken)
    {
        var said = entry.Scopes is { Count: > 0 } scopes
            ? JsonSerializer.Serialize(new
            {
                scopes = scopes.Order(StringComparer.Ordinal),
                usersIn = entry.UsersIn.Select(role => normalizer.NormalizeName(role.Name)).Order(StringComparer.Ordinal),
            })
            : "";
        var isChanged = false;
        if (said != (known?.Declared ?? ""))
        {
            foreach (var (place, name) in entry.UsersIn)
            {
                // A role that the file declares and that was deleted here has no holders: the scopes are then allowed with nobody.
                if (normalizer.NormalizeName(name) is var other && !roles.ContainsKey(other) && !declared.Contains(other))
                {
                    run.Report.Problem(place, $"There is no role '{name}', neither in this file nor in the database.");
                }
            }

            var wanted = new RolePermissions(
                roles[mark],
                entry.Scopes ?? [],
                [.. entry.UsersIn.Select(role => roles.GetValueOrDefault(normalizer.NormalizeName(role.Name))).Distinct()]);
            isChanged = !await IsAsync(wanted, cancellationToken);
            if (isChanged && run.MayWrite())
            {
                await permissions.SetAsync(wanted, cancellationToken);
            }
        }

        if (isNew)
        {
            run.Report.Created($"role {entry.Name}");
        }
        else if (isChanged)
        {
            run.Report.Changed($"role {entry.Name}");
        }
        else
        {
            run.Report.Unchanged();
        }

        run.Remember(known, new PlatformEntry
        {
            Kind = PlatformEntry.Role,
            Mark = mark,
            RowId = roles[mark],
            IsAdopted = known?.IsAdopted ?? !isNew,
            Declared = said,
        });
    }

    private async Task<bool> IsAsync(RolePermissions wanted, CancellationToken cancellationToken)
    {
        var present = (await permissions.OfRolesAsync([wanted.Role], cancellationToken)).SingleOrDefault();
        return wanted.Scopes.ToHashSet().SetEquals(present?.Scopes ?? []) && wanted.UsersIn.ToHashSet().SetEquals(present?.UsersIn ?? []);
    }
}
