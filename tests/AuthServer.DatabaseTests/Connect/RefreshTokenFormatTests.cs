using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using AuthServer.Connect.Refresh;
using AuthServer.DatabaseTests.Support;

namespace AuthServer.DatabaseTests.Connect;

/// <summary>
/// Refresh tokens as text in the format of RFC 7516. One provider is enough, because only the keys come from the database.
/// </summary>
public sealed class RefreshTokenFormatTests(SqliteDatabase database) : ProviderTests(database), IClassFixture<SqliteDatabase>
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly RefreshToken Token =
        new(Guid.Parse("0199a0c4-0000-7000-8000-000000000001"), 3, DateTimeOffset.FromUnixTimeSeconds(1_795_458_624));

    [Fact]
    public async Task Equal_tokens_have_the_same_text_on_every_node_and_different_tokens_do_not()
    {
        var (one, other) = (await FormatAsync(), await FormatAsync());

        Assert.Equal(one.Write(Token), other.Write(Token));
        Assert.Equal(Token, other.Read(one.Write(Token)));
        Assert.Equal(Token, one.Read(one.Write(Token with { IssuedAt = Token.IssuedAt.AddMilliseconds(900) })));
        Assert.NotEqual(one.Write(Token), one.Write(Token with { Generation = 4 }));
        Assert.NotEqual(one.Write(Token), one.Write(Token with { IssuedAt = Token.IssuedAt.AddSeconds(1) }));
        Assert.NotEqual(one.Write(Token).Split('.')[2], one.Write(Token with { Generation = 4 }).Split('.')[2]);
    }

    [Fact]
    public async Task The_header_has_dir_and_A256GCM_and_the_rest_is_unreadable()
    {
        var text = (await FormatAsync()).Write(Token);

        var header = JsonDocument.Parse(Base64Url.DecodeFromChars(text.Split('.')[0])).RootElement;
        Assert.Equal(("dir", "A256GCM", "rt+jwt"), (Text("alg"), Text("enc"), Text("typ")));
        Assert.Equal(5, text.Split('.').Length);
        Assert.Empty(text.Split('.')[1]);
        Assert.DoesNotContain(
            "0199a0c4", Encoding.Latin1.GetString(Base64Url.DecodeFromChars(text.Split('.')[3])), StringComparison.Ordinal);

        string? Text(string name) => header.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_change_to_any_character_is_refused()
    {
        var format = await FormatAsync();
        var text = format.Write(Token);

        for (var at = 0; at < text.Length; at++)
        {
            // The highest of its six bits, which is significant at every position.
            var changed = text[at] is '.' ? 'A' : Alphabet[Alphabet.IndexOf(text[at], StringComparison.Ordinal) ^ 32];
            Assert.Null(format.Read($"{text[..at]}{changed}{text[(at + 1)..]}"));
        }
    }

    [Fact]
    public async Task A_token_of_another_issuer_is_refused()
    {
        var foreign = await FormatOnAsync(NodeOn(await Database.CreateAsync()));

        Assert.Null((await FormatAsync()).Read(foreign.Write(Token)));
    }

    [Fact]
    public async Task Two_concatenated_tokens_are_refused()
    {
        var format = await FormatAsync();
        var (one, other) = (format.Write(Token).Split('.'), format.Write(Token with { Generation = 4 }).Split('.'));

        for (var part = 2; part < 5; part++)
        {
            string[] mixed = [.. one];
            mixed[part] = other[part];
            Assert.Null(format.Read(string.Join('.', mixed)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("....")]
    [InlineData("a.b.c.d.e")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task A_text_that_is_not_a_token_is_refused(string text) => Assert.Null((await FormatAsync()).Read(text));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"kid":1}""")]
    [InlineData("""{"kid":"nobody's"}""")]
    [InlineData("""{"kid":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"kid":"x"}""")]
    [InlineData("{\"kid\":\"\u00ff\"}")]
    [InlineData("""{"kid":""")]
    public async Task A_header_with_other_content_is_refused(string header)
    {
        var format = await FormatAsync();
        var rest = format.Write(Token).Split('.')[1..];

        // As Latin-1, so that one of the headers is not valid UTF-8.
        Assert.Null(format.Read(string.Join('.', [Base64Url.EncodeToString(Encoding.Latin1.GetBytes(header)), .. rest])));
    }

    [Fact]
    public async Task Reading_a_damaged_token_never_throws()
    {
        var format = await FormatAsync();
        var text = format.Write(Token);
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = text.ToCharArray();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(4) is 0 ? (char)random.Next(0x3000) : Alphabet[random.Next(Alphabet.Length)];
            }

            _ = format.Read(new string(bytes, 0, random.Next(bytes.Length + 1)));
        }
    }

    private async Task<RefreshTokenFormat> FormatAsync() => await FormatOnAsync(await NodeAsync());

    private static async Task<RefreshTokenFormat> FormatOnAsync(Node node)
    {
        await node.MigrateAsync();
        await node.Keys.LoadAsync(CancellationToken.None);
        return new RefreshTokenFormat(node.Keys);
    }
}
