using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Operations;
using AuthServer.Sessions;
using AuthServer.Users;

namespace AuthServer.CommandLine;

/// <summary>The options that say which sessions a command is about.</summary>
internal sealed class SessionFilterOptions
{
    private readonly Option<string?> user = new("--user") { Description = "Only sessions of this user: user name or email address." };
    private readonly Option<string?> client = new("--client") { Description = "Only sessions that signed in to this app: its client id." };
    private readonly Option<string?> device =
        new("--device") { Description = "Only sessions whose user agent or address contains this text." };

    private readonly Option<DateTimeOffset?> before = new("--before")
    {
        Description = "Only sessions that began before this instant, for example 2026-11-23T18:00:00Z. Without an offset it is UTC.",
        CustomParser = OptionValues.ParseInstant,
    };

    public void AddTo(Command command)
    {
        command.Add(user);
        command.Add(client);
        command.Add(device);
        command.Add(before);
    }

    /// <exception cref="OperatorException">There is no such user or app, or <c>--device</c> is empty.</exception>
    public async Task<SessionFilter> ReadAsync(ParseResult result, IServiceProvider services, CancellationToken cancellationToken) => new()
    {
        User = result.GetValue(user) is { } name
            ? (await services.GetRequiredService<UserLookup>().FindAsync(name, cancellationToken))?.Id
                ?? throw new OperatorException($"There is no user '{name}'.")
            : null,
        Client = result.GetValue(client) is { } id
            ? await services.GetRequiredService<SessionQueries>().FindClientAsync(id, cancellationToken) ?? throw AppOperations.NoClient(id)
            : null,
        Device = result.GetValue(device) is { } text && string.IsNullOrWhiteSpace(text)
            ? throw new OperatorException("--device is empty: every session would match it.")
            : result.GetValue(device),
        SignedInBefore = result.GetValue(before),
    };
}
