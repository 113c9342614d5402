using System.Buffers.Text;
using System.Text;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Compatibility;

public sealed class TokenRefusalTests(RunningDjangoServer server) : IClassFixture<RunningDjangoServer>
{
    private readonly DjangoClient django = new(server.App);

    [Theory]
    [InlineData("/api-token-verify/")]
    [InlineData("/api-token-verify")]
    public async Task Verifying_a_valid_token_returns_it(string path)
    {
        var token = await django.TokenAsync();

        Assert.Equal($$"""{"token":"{{token}}"}""", (await django.JsonAsync(path, new { token })).AssertOk().Body);
        Assert.Equal($$"""{"token":"{{token}}"}""", (await django.PostAsync(path, DjangoClient.Form, $"token={token}")).AssertOk().Body);
    }

    [Fact]
    public async Task A_text_that_is_not_an_access_token_of_this_issuer_is_refused()
    {
        var orders = (await server.App.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var terminal = (await server.App.Client(DjangoClient.ClientId).SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var good = await django.TokenAsync();
        var parts = good.Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var other = payload.Replace("notes.read", "notes.reax", StringComparison.Ordinal);
        string[] bad =
        [
            "nonsense", "a.b.c", "....", new string('a', 60_000), good[..^1], good + "x", $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA",
            $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(other))}.{parts[2]}",
            $"{Base64Url.EncodeToString("""{"alg":"none","typ":"at+jwt"}"""u8)}.{parts[1]}.",
            orders.AccessToken, orders.RefreshToken, orders["id_token"]!, terminal.RefreshToken, terminal["id_token"]!,
            (await server.App.Client("nightly-job", "nightly-job-demo-secret").ActForItselfAsync("notes.read")).AccessToken,
        ];

        foreach (var token in bad)
        {
            (await django.VerifyAsync(token)).AssertNonField("Error decoding signature.");
            (await django.RefreshAsync(token)).AssertNonField("Error decoding signature.");
        }
    }
}
