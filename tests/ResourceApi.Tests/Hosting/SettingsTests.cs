using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Hosting;

public sealed class SettingsTests
{
    private static readonly (string Key, string Value)[] Good =
    [
        ("Issuer:Authority", "http://localhost:1"),
        ("Api:Resource", "http://localhost:8410"),
        ("ConnectionStrings:ResourceApi", "Data Source=api.db"),
        ("ASPNETCORE_HTTP_PORTS", "0"),
    ];

    public static TheoryData<string, string> WrongSettings => new()
    {
        { "Issuer:Authority", "" },
        { "Issuer:Authority", "localhost" },
        { "Issuer:Authority", "/login" },
        { "Issuer:Authority", "http://[" },
        { "Issuer:Authority", "https://login.example.test:port" },
        { "Issuer:Authority", "ftp://login.example.test" },
        { "Issuer:Authority", "http://login.example.test" },
        { "Issuer:Authority", "https://login.example.test/?tenant=1" },
        { "Issuer:BackChannelAddress", "authserver:8080" },
        { "Issuer:BackChannelAddress", "http://authserver:99999" },
        { "Issuer:BackChannelAddress", "http://authserver:8080/login" },
        { "Api:Resource", "" },
        { "Api:Resource", "orders" },
        { "Notes:DeleteAllMaxAge", "00:00:00" },
        { "Notes:DeleteAllMaxAge", "2" },
        { "Notes:DeleteAllMaxAge", "five minutes" },
        { "Notes:DeleteAllAcrValues", "a\"b" },
        { "Api:Resource", "http://[" },
        { "Api:Resource", "http://localhost:8410/#notes" },
        { "ConnectionStrings:ResourceApi", "" },
        { "ConnectionStrings:ResourceApi", "Server=db;Database=api" },
        { "ConnectionStrings:ResourceApi", "Data Source=:memory:" },
        { "ConnectionStrings:ResourceApi", "Data Source=api;Mode=Memory" },
        { "ConnectionStrings:ResourceApi", "Data Source=file:api.db?mode=memory" },
        { "ConnectionStrings:ResourceApi", "Data Source=/proc/nowhere/api.db" },
        { "ConnectionStrings:ResourceApi", "Data Source=/dev/null/api.db" }
    };

    [Theory]
    [MemberData(nameof(WrongSettings))]
    public async Task A_wrong_setting_is_named_and_ends_the_program(string key, string value)
    {
        await using var process = ApiProcess.Start([.. Good, (key, value)]);

        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Contains(key, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_wrong_settings_are_listed_at_once()
    {
        await using var process = ApiProcess.Start(("Issuer:BackChannelAddress", "nowhere"));

        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.All(
            ["Issuer:Authority", "Issuer:BackChannelAddress", "Api:Resource"],
            key => Assert.Contains(key, process.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_setting_of_its_own_the_database_is_in_the_working_directory()
    {
        await using var process = ApiProcess.Start([.. Good.Where(setting => setting.Key is not "ConnectionStrings:ResourceApi")]);

        await Eventually.TrueAsync(() => Task.FromResult(process.HasFile("resourceapi.db")));
    }

    [Fact]
    public async Task A_port_in_use_is_reported_and_ends_the_program()
    {
        await using var other = await TestIssuer.StartedAsync();

        await using var process = ApiProcess.Start([.. Good, ("ASPNETCORE_URLS", other.Address.AbsoluteUri)]);

        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Contains("address already in use", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }
}
