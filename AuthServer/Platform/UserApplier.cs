using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Platform;

/// <summary>
/// Sees to it that the declared roles and people are there. It takes nothing away: no user, no role of a user, no password
/// that somebody has chosen.
/// </summary>
internal sealed class UserApplier(UserManager<User> users, RoleManager<Role> roles, TimeProvider time)
{
    public async Task ApplyAsync(PlatformDocument document, ApplyReport report)
    {
        foreach (var role in document.Roles)
        {
            if (await roles.RoleExistsAsync(role.Name))
            {
                report.Unchanged();
            }
            else if (Succeeded(await roles.CreateAsync(new Role { Name = role.Name }), role.Place, report))
            {
                report.Created($"role {role.Name}");
            }
        }

        foreach (var entry in document.Users)
        {
            var existing = await users.FindByNameAsync(entry.Name);
            if (existing is null)
            {
                await CreateAsync(entry, report);
            }
            else
            {
                await UpdateAsync(existing, entry, report);
            }
        }
    }

    private async Task CreateAsync(UserEntry entry, ApplyReport report)
    {
        var user = new User { UserName = entry.Name, CreatedAt = time.GetUtcNow() };
        Declare(user, entry);
        var result = entry.Password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, entry.Password);
        if (Succeeded(result, entry.Place, report))
        {
            await AddRolesAsync(user, entry, report);
            report.Created($"user {entry.Name}");
        }
    }

    private async Task UpdateAsync(User user, UserEntry entry, ApplyReport report)
    {
        var isSame = user.Email == entry.Email
            && user.EmailConfirmed == entry.EmailConfirmed
            && user.DisplayName == entry.DisplayName;
        if (!isSame)
        {
            Declare(user, entry);
            if (!Succeeded(await users.UpdateAsync(user), entry.Place, report))
            {
                return;
            }
        }

        if (await AddRolesAsync(user, entry, report) || !isSame)
        {
            report.Changed($"user {entry.Name}");
        }
        else
        {
            report.Unchanged();
        }
    }

    private static void Declare(User user, UserEntry entry)
    {
        user.Email = entry.Email;
        user.EmailConfirmed = entry.EmailConfirmed;
        user.DisplayName = entry.DisplayName;
    }

    /// <returns>Whether a role was added.</returns>
    private async Task<bool> AddRolesAsync(User user, UserEntry entry, ApplyReport report)
    {
        var held = await users.GetRolesAsync(user);
        var added = false;
        foreach (var (place, role) in entry.Roles.Where(role => !held.Contains(role.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (!await roles.RoleExistsAsync(role))
            {
                report.Problem(place, $"The role '{role}' is neither in this file nor in the database.");
            }
            else
            {
                added |= Succeeded(await users.AddToRoleAsync(user, role), place, report);
            }
        }

        return added;
    }

    private static bool Succeeded(IdentityResult result, Place place, ApplyReport report)
    {
        foreach (var error in result.Errors)
        {
            report.Problem(place, error.Description);
        }

        return result.Succeeded;
    }
}
