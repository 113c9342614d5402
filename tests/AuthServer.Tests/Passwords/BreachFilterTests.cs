using AuthServer.Passwords;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.Passwords;

public sealed class BreachFilterTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-breached-");

    [Fact]
    public void A_filter_finds_all_its_entries_and_almost_nothing_else()
    {
        var filter = BreachFilter.Create(2_000);
        for (var index = 0; index < 2_000; index++)
        {
            filter.Add(BreachFilter.HashOf($"in {index}"));
        }

        Assert.All(Enumerable.Range(0, 2_000), index => Assert.True(filter.Contains($"in {index}")));
        Assert.InRange(Enumerable.Range(0, 300_000).Count(index => filter.Contains($"out {index}")), 0, 3);
    }

    [Fact]
    public void A_list_may_contain_passwords_and_hashes_and_short_passwords_are_left_out()
    {
        // The second line is the hash of "hash of one more", in the format of the Pwned Passwords lists.
        var path = Write(
            "list",
            $"lantern-maple-22\r\n{Convert.ToHexString(BreachFilter.HashOf("hash of one more"))}:14\nshort\n\n{new string('x', 2_000)}\n");

        var (filter, skipped) = BreachList.Read(path, CancellationToken.None);

        Assert.Equal((2, 3), (filter.Count, skipped));
        Assert.True(filter.Contains("lantern-maple-22") && filter.Contains("hash of one more"));
    }

    [Fact]
    public void An_operators_filter_replaces_the_shipped_one()
    {
        var (filter, _) = BreachList.Read(Write("list", "lantern-maple-22\n"), CancellationToken.None);
        using var written = new MemoryStream();
        filter.Write(written);
        var breached = Of(Write("own.bloom", written.ToArray()));

        Assert.Equal(1, breached.Count);
        Assert.True(breached.Contains("lantern-maple-22"));
        Assert.True(breached.Contains("Lantern-MAPLE-22"));
        Assert.False(breached.Contains("vjht123jltccf"));
    }

    [Fact]
    public void The_shipped_filter_has_as_many_entries_as_the_docs_say()
    {
        var breached = Of(null);

        Assert.Equal(55_173, breached.Count);
        Assert.True(breached.Contains("vjht123jltccf") && breached.Contains("1q2w3e4r5t6y"));
        Assert.False(breached.Contains("a long enough password"));
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData("", "is not a password filter, or is incomplete")]
    [InlineData("password1234\nqwertyuiop12\n", "is not a password filter, or is incomplete")]
    [InlineData("APBLOOM1\u0002\0\0\0\0\0\0\0half", "is not a password filter, or is incomplete")]
    [InlineData("APBLOOM1\0\0\0\0\0\0\0\0", "is not a password filter, or is incomplete")]
    public void A_file_that_is_not_a_filter_is_reported_at_start(string? text, string problem)
    {
        var path = text is null ? Path.Combine(folder.FullName, "none") : Write("bad", text);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("Passwords:BreachedFile", path)]).Build());
        services.AddPasswords();
        using var provider = services.BuildServiceProvider();

        var failure = Assert.Single(
            Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate).Failures);

        Assert.StartsWith($"Passwords:BreachedFile names '{path}', which {problem}", failure, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static BreachedPasswords Of(string? file) => new(Options.Create(new PasswordsOptions { BreachedFile = file }));

    private string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
