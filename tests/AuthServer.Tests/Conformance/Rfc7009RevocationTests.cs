using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 7009, OAuth 2.0 Token Revocation.</summary>
public sealed class Rfc7009RevocationTests
{
    [Fact]
    public async Task Section_2_1_Revoking_a_refresh_token_ends_its_access_tokens_too()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        (await client.RevokeAsync(answer.RefreshToken)).AssertOk();

        (await client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await client.IntrospectAsync(answer.AccessToken))["active"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(answer.AccessToken)).Status);
    }

    [Fact]
    public async Task Section_2_1_Revoking_an_access_token_ends_that_token_and_the_sign_in_goes_on()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        (await client.RevokeAsync(answer.AccessToken)).AssertOk();

        Assert.Equal("False", (await client.IntrospectAsync(answer.AccessToken))["active"]);
        (await client.RefreshAsync(answer.RefreshToken)).AssertOk();
    }

    [Theory]
    [InlineData("made-up")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task Section_2_2_An_unknown_token_gets_the_same_answer_as_a_revoked_one(string token)
    {
        await using var app = await AuthServerApp.StartAsync();

        (await app.Client(Seed.Orders, Seed.OrdersSecret).RevokeAsync(token)).AssertOk();
    }

    [Fact]
    public async Task Section_2_1_A_wrong_token_type_hint_does_not_matter()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        (await client.RevokeAsync(answer.RefreshToken, ("token_type_hint", "access_token"))).AssertOk();

        (await client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task Section_2_1_A_client_cannot_revoke_the_token_of_another()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        await app.Client("reports", "reports-demo-secret").RevokeAsync(answer.RefreshToken);

        (await client.RefreshAsync(answer.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task Section_2_1_A_public_client_revokes_by_its_id_and_a_confidential_one_must_authenticate()
    {
        await using var app = await AuthServerApp.StartAsync();
        var terminal = app.Client("terminal");
        var answer = (await terminal.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        (await terminal.RevokeAsync(answer.RefreshToken)).AssertOk();

        (await terminal.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
        (await app.Client(Seed.Orders).RevokeAsync("made-up")).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Section_2_1_A_request_without_a_token_is_an_invalid_request()
    {
        await using var app = await AuthServerApp.StartAsync();

        (await app.Client(Seed.Orders, Seed.OrdersSecret).PostAsync("/connect/revoke")).AssertRefused("invalid_request");
    }

    [Fact]
    public async Task Revoking_a_spent_refresh_token_ends_its_family()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        (await client.RevokeAsync(first.RefreshToken)).AssertOk();

        (await client.RefreshAsync(second.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await client.IntrospectAsync(second.AccessToken))["active"]);
    }
}
