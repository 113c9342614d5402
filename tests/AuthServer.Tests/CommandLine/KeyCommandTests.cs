using System.Text.Json;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.CommandLine;

public sealed class KeyCommandTests
{
    [Fact]
    public async Task Keys_are_created_announced_listed_and_revoked()
    {
        using var cli = await Cli.MigratedAsync();
        Assert.Empty(await ListAsync(cli));

        (await cli.RunAsync("keys", "rotate")).AssertOk();
        Assert.Equal(["A256KW active", "ES256 active", "RS256 active"], await StatesAsync(cli));

        (await cli.RunAsync("keys", "rotate", "--algorithm", "ES256")).AssertOk();
        Assert.Equal(["A256KW active", "ES256 active", "ES256 announced", "RS256 active"], await StatesAsync(cli));

        var first = Id((await ListAsync(cli))[1]);
        (await cli.RunAsync("keys", "revoke", first)).AssertFailed("revoking it ends every token that it has signed. Nothing was changed");
        Assert.Equal(4, (await StatesAsync(cli)).Count(state => !state.EndsWith("revoked", StringComparison.Ordinal)));

        (await cli.RunAsync("keys", "revoke", first, "--now")).AssertOk();
        Assert.Equal(["A256KW active", "ES256 revoked", "ES256 active", "RS256 active"], await StatesAsync(cli));
        Assert.Contains(first, (await cli.RunAsync("keys", "list")).AssertOk().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_urgent_rotation_takes_effect_within_seconds()
    {
        using var cli = await Cli.MigratedAsync();
        (await cli.RunAsync("keys", "rotate")).AssertOk();

        (await cli.RunAsync("keys", "rotate", "--now")).AssertOk();

        var keys = await ListAsync(cli);
        Assert.Equal(6, keys.Length);
        var created = keys.Max(key => key.GetProperty("createdAt").GetDateTimeOffset());
        Assert.All(
            keys,
            key => Assert.InRange(key.GetProperty("activeFrom").GetDateTimeOffset(), DateTimeOffset.MinValue, created.AddSeconds(11)));
    }

    [Theory]
    [InlineData("keys rotate --algorithm HS256", "There are no keys of 'HS256'; it must be one of ES256")]
    [InlineData("keys revoke nobody-made-it", "There is no key 'nobody-made-it'.")]
    [InlineData("keys revoke --now -starts-with-a-dash", "There is no key '-starts-with-a-dash'.")]
    public async Task An_unknown_key_or_algorithm_is_reported(string command, string message)
    {
        using var cli = await Cli.MigratedAsync();

        (await cli.RunAsync(command.Split(' '))).AssertFailed(message);
    }

    private static async Task<JsonElement[]> ListAsync(Cli cli) =>
        [.. JsonDocument.Parse((await cli.RunAsync("keys", "list", "--json")).AssertOk().Output).RootElement.EnumerateArray()];

    private static async Task<string[]> StatesAsync(Cli cli) =>
        [.. (await ListAsync(cli)).Select(key => $"{key.GetProperty("algorithm").GetString()} {key.GetProperty("state").GetString()}")];

    private static string Id(JsonElement key) => key.GetProperty("id").GetString()!;
}
