using AuthServer.Platform;
using FsCheck.Xunit;

namespace AuthServer.Tests.Platform;

public sealed class ParserTests
{
    private const string GoodFile =
        "apis:\n  - resource: https://a.test\n    scopes: [{ name: a.read }]\napps:\n  - { id: shop, type: public, grants: [password] }\n";

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("1h", 3600)]
    [InlineData("30d", 2592000)]
    [InlineData("0s", 0)]
    public void A_duration_is_a_number_and_a_unit(string text, int seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("15")]
    [InlineData("-1s")]
    [InlineData("1.5h")]
    [InlineData("1 h")]
    [InlineData("1w")]
    [InlineData("٣s")]
    [InlineData("999999999d")]
    public void Any_other_text_is_not_a_duration(string text) => Assert.False(Duration.TryParse(text, out _));

    [Property]
    public bool No_text_whatever_makes_the_duration_parser_throw(string? text) =>
        !Duration.TryParse(text, out var duration) || duration >= TimeSpan.Zero;

    [Property]
    public bool Seconds_are_read_back(FsCheck.NonNegativeInt seconds) =>
        Duration.TryParse($"{seconds.Get % 300_000_000}s", out var duration) && duration == TimeSpan.FromSeconds(seconds.Get % 300_000_000);

    [Property(MaxTest = 300)]
    public bool No_text_whatever_makes_the_file_reader_throw(string? text) => Read(text ?? "") is not null;

    [Property(MaxTest = 300)]
    public bool No_damage_to_a_good_file_makes_the_reader_throw(int place, char character)
    {
        var text = GoodFile.ToCharArray();
        text[(int)((uint)place % text.Length)] = character;

        return Read(new string(text)) is not null;
    }

    // Each indicator of YAML at each place. The random files above contain these combinations only rarely.
    [Fact]
    public void No_YAML_indicator_at_any_place_of_a_valid_file_makes_the_reader_throw()
    {
        for (var place = 0; place < GoodFile.Length; place++)
        {
            foreach (var character in "{}[],:#&*!|>'\"%@`-?<=~\0\t\n\r ")
            {
                var damaged = $"{GoodFile[..place]}{character}{GoodFile[(place + 1)..]}";
                Assert.All(Read(damaged).Problems, problem => Assert.True(problem.Place.Line > 0, damaged));
            }
        }
    }

    private static PlatformReader Read(string text)
    {
        var reader = new PlatformReader(new SecretReference(Path.GetTempPath(), isDevelopment: true), isDevelopment: true);
        using var source = new StringReader(text);
        reader.Read(source);
        return reader;
    }
}
