using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>Creates the declared roles. A role that was deleted here is not created again.</summary>
internal sealed class RoleApplier(ILookupNormalizer normalizer)
{
    /// <returns>The ids of all roles by normalized name, including the roles of this file.</returns>
    public async Task<Dictionary<string, Guid>> ApplyAsync(PlatformDocument document, ApplyRun run, CancellationToken cancellationToken)
    {
        var there = await run.Context.Roles.AsNoTracking()
            .ToDictionaryAsync(role => role.NormalizedName!, role => role.Id, StringComparer.Ordinal, cancellationToken);
        var marks = document.Roles.Select(role => normalizer.NormalizeName(role.Name)).ToList();
        var known = await run.EntriesAsync(PlatformEntry.Role, marks, cancellationToken);
        foreach (var (entry, mark) in document.Roles.Zip(marks))
        {
            var isThere = there.TryGetValue(mark, out var id);
            if (!isThere && known.ContainsKey(mark))
            {
                run.Report.Unchanged();
                run.Report.Keep($"role {entry.Name}: it was deleted here");
                continue;
            }

            if (!isThere)
            {
                there[mark] = id = Guid.CreateVersion7();
                run.Add(new Role { Id = id, Name = entry.Name, NormalizedName = mark });
                run.Report.Created($"role {entry.Name}");
            }
            else
            {
                run.Report.Unchanged();
            }

            if (!known.ContainsKey(mark))
            {
                run.Remember(
                    null, new PlatformEntry { Kind = PlatformEntry.Role, Mark = mark, RowId = id, IsAdopted = isThere, Declared = "" });
            }
        }

        await run.SaveAsync(cancellationToken);
        return there;
    }
}
