using System.CommandLine;
using AuthServer.Operations;

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
            var shape = await services.GetRequiredService<UserQueries>().ViewAsync(user, cancellationToken);
            return Details.Write(
                result.GetValue(json),
                shape,
                ("id", $"{shape.Id}"),
                ("name", shape.Name),
                ("email", $"{shape.Email}{(shape.EmailConfirmed ? "" : " (not confirmed)")}"),
                ("display name", shape.DisplayName),
                ("language", shape.Language),
                ("created", TextFormat.Instant(shape.CreatedAt)),
                (
                    "state",
                    shape.DisabledAt is { } since
                        ? $"{shape.State} since {TextFormat.Instant(since)}"
                        : shape.LockedOutUntil is { } until ? $"{shape.State} until {TextFormat.Instant(until)}" : shape.State),
                ("password", shape.HasPassword ? "set" : "none"),
                ("roles", string.Join(", ", shape.Roles)),
                ("authenticator", shape.AuthenticatorSince is { } confirmed ? $"since {TextFormat.Instant(confirmed)}" : "none"),
                ("passkeys", shape.Passkeys.Count is 0 ? "none" : string.Join(", ", shape.Passkeys.Select(passkey => passkey.Name ?? "-"))),
                ("active", TextFormat.Count(shape.ActiveSessions, "session")));
        }));
        return command;
    }
}
