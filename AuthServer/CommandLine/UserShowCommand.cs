using System.CommandLine;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.CommandLine;

internal static class UserShowCommand
{
    public static Command Create(CommandHost host)
    {
        var name = UserCommands.Name();
        var json = OptionValues.Json();
        var command = new Command("show", "Show a user: roles, second factors, state.") { name, json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var user = await UserCommands.FindAsync(services, result.GetRequiredValue(name), cancellationToken);
            var users = services.GetRequiredService<UserManager<User>>();
            var locked = await services.GetRequiredService<Lockout>().LockedAsync(cancellationToken);
            var roles = (await users.GetRolesAsync(user)).Order(StringComparer.Ordinal).ToList();
            var authenticator = await services.GetRequiredService<Authenticators>().FindAsync(user.Id, cancellationToken);
            var passkeys = (await users.GetPasskeysAsync(user)).OrderBy(passkey => passkey.CreatedAt).ToList();
            var sessions = await services.GetRequiredService<SessionQueries>().Active(new SessionFilter { User = user.Id })
                .CountAsync(cancellationToken);
            var state = UserListCommand.StateOf(user, locked);
            var shape = new
            {
                user.Id,
                Name = user.UserName,
                user.Email,
                user.EmailConfirmed,
                user.DisplayName,
                user.Language,
                State = state,
                user.CreatedAt,
                user.DisabledAt,
                LockedOutUntil = locked.GetValueOrDefault(user.Id),
                HasPassword = user.PasswordHash is not null,
                Roles = roles,
                AuthenticatorSince = authenticator?.ConfirmedAt,
                Passkeys = passkeys.Select(passkey => new { passkey.Name, passkey.CreatedAt }),
                ActiveSessions = sessions,
            };
            return Details.Write(
                result.GetValue(json),
                shape,
                ("id", $"{user.Id}"),
                ("name", user.UserName),
                ("email", $"{user.Email}{(user.EmailConfirmed ? "" : " (not confirmed)")}"),
                ("display name", user.DisplayName),
                ("language", user.Language),
                ("created", TextFormat.Instant(user.CreatedAt)),
                (
                    "state",
                    user.DisabledAt is { } since
                        ? $"{state} since {TextFormat.Instant(since)}"
                        : shape.LockedOutUntil is { } until ? $"{state} until {TextFormat.Instant(until)}" : state),
                ("password", user.PasswordHash is null ? "none" : "set"),
                ("roles", string.Join(", ", roles)),
                ("authenticator", authenticator?.ConfirmedAt is { } confirmed ? $"since {TextFormat.Instant(confirmed)}" : "none"),
                ("passkeys", passkeys.Count is 0 ? "none" : string.Join(", ", passkeys.Select(passkey => passkey.Name ?? "-"))),
                ("active", TextFormat.Count(sessions, "session")));
        }));
        return command;
    }
}
