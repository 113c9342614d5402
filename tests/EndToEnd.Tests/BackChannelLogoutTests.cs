using System.Net;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>OpenID Connect Back-Channel Logout 1.0 as SampleClient supports it, with an issuer whose key the test has.</summary>
public sealed class BackChannelLogoutTests
{
    private const string Ended = "You have been signed out";

    [Theory]
    [InlineData("JWT")]
    [InlineData("logout+jwt")]
    [InlineData(null)]
    public async Task Section_2_7_The_sessions_of_a_sid_end_and_others_go_on(string? type)
    {
        using var issuer = new FakeIssuer();
        await using var app = await StartAsync(issuer);
        var first = await app.SignedInAsync("alice");
        issuer.SessionId = "sid-2";
        var second = await app.SignedInAsync("alice");

        var answer = await app.LogOutAsync(issuer.Key.Sign(issuer.LogoutClaims(("sid", "sid-1"), ("sub", null)), type));

        Assert.True(answer.Status is HttpStatusCode.OK, answer.Body);
        Assert.Contains(Ended, await app.StartPageAsync(first), StringComparison.Ordinal);
        Assert.Contains("Hello, Alice Ahn", await app.StartPageAsync(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_2_7_Without_a_sid_all_sessions_of_the_user_end()
    {
        using var issuer = new FakeIssuer();
        await using var app = await StartAsync(issuer);
        var first = await app.SignedInAsync("alice");
        issuer.SessionId = "sid-2";
        var second = await app.SignedInAsync("alice");

        await app.LogOutAsync(issuer.Key.Sign(issuer.LogoutClaims(("sid", null), ("sub", "somebody else"))));
        Assert.Contains("Hello, Alice Ahn", await app.StartPageAsync(first), StringComparison.Ordinal);

        var answer = await app.LogOutAsync(issuer.Key.Sign(issuer.LogoutClaims(("sid", null))));
        Assert.True(answer.Status is HttpStatusCode.OK, answer.Body);
        Assert.Contains(Ended, await app.StartPageAsync(first), StringComparison.Ordinal);
        Assert.Contains(Ended, await app.StartPageAsync(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_2_8_The_answer_is_not_cached_and_the_logout_of_an_unknown_sign_in_succeeds()
    {
        using var issuer = new FakeIssuer();
        await using var app = await StartAsync(issuer);

        var good = await app.LogOutAsync(issuer.Key.Sign(issuer.LogoutClaims()));
        var bad = await app.LogOutAsync("nonsense");

        Assert.Equal((HttpStatusCode.OK, "no-store"), (good.Status, good.CacheControl));
        Assert.Equal((HttpStatusCode.BadRequest, "no-store"), (bad.Status, bad.CacheControl));
        Assert.Contains("\"error\":\"invalid_request\"", bad.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_2_6_An_invalid_logout_token_signs_nobody_out()
    {
        using var issuer = new FakeIssuer();
        await using var app = await StartAsync(issuer);
        var session = await app.SignedInAsync("alice");
        var replayed = issuer.Key.Sign(issuer.LogoutClaims(("sid", "another")));
        Assert.Equal(HttpStatusCode.OK, (await app.LogOutAsync(replayed)).Status);
        var (good, key) = (issuer.LogoutClaims(), issuer.Key);

        (string Fault, string? Token)[] refused =
        [
            ("none at all", null),
            ("nothing in it", ""),
            ("no JWT", "a.b.c"),
            ("the signature of another key of that name", new SigningKey("first").Sign(good)),
            ("a key that is not known", new SigningKey("foreign").Sign(good)),
            ("no signature", key.Sign(good, algorithm: "none")),
            ("an algorithm of shared secrets", key.Sign(good, algorithm: "HS256")),
            ("another claim than was signed", Forged(key.Sign(good), key.Sign(issuer.LogoutClaims(("sid", "another"))))),
            ("an access token's type", key.Sign(good, "at+jwt")),
            ("another issuer", With(("iss", "http://localhost:1/"))),
            ("no issuer", With(("iss", null))),
            ("another app's audience", With(("aud", "reports"))),
            ("no audience", With(("aud", null))),
            ("expired", With(("exp", FakeIssuer.Seconds(TimeSpan.FromMinutes(-2))))),
            ("no exp", With(("exp", null))),
            ("issued in the future", With(("iat", FakeIssuer.Seconds(TimeSpan.FromMinutes(2))))),
            (
                "issued long ago, however long it is good",
                With(("iat", FakeIssuer.Seconds(TimeSpan.FromMinutes(-11))), ("exp", FakeIssuer.Seconds(TimeSpan.FromDays(1))))),
            ("no iat", With(("iat", null))),
            ("no jti", With(("jti", null))),
            ("an empty jti", With(("jti", ""))),
            ("replayed", replayed),
            ("no events", With(("events", null))),
            ("other events", With(("events", new Dictionary<string, object> { ["http://schemas.openid.net/event/other"] = new() }))),
            (
                "an event that is no object",
                With(("events", new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = "" }))),
            ("events as text", With(("events", "http://schemas.openid.net/event/backchannel-logout"))),
            ("a nonce", With(("nonce", "n"))),
            ("neither sub nor sid", With(("sub", null), ("sid", null))),
            ("a sid that is no text", With(("sid", 1), ("sub", null))),
        ];
        foreach (var (fault, token) in refused)
        {
            var answer = await app.LogOutAsync(token);
            Assert.True(
                answer is { Status: HttpStatusCode.BadRequest, CacheControl: "no-store" }, $"{fault}: {answer.Status} {answer.Body}");
        }

        Assert.Contains("Hello, Alice Ahn", await app.StartPageAsync(session), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", app.Program.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", app.Program.Log, StringComparison.Ordinal);

        string With(params (string, object?)[] changes) => key.Sign(issuer.LogoutClaims(changes));
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_fetched_when_a_token_names_it()
    {
        using var issuer = new FakeIssuer();
        await using var app = await StartAsync(issuer);
        var session = await app.SignedInAsync("alice");
        issuer.Key = new SigningKey("second");

        Assert.Equal(HttpStatusCode.OK, (await app.LogOutAsync(issuer.Key.Sign(issuer.LogoutClaims()))).Status);
        Assert.Contains(Ended, await app.StartPageAsync(session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_issuers_keys_a_logout_token_is_refused_and_the_answer_says_why()
    {
        using var issuer = new FakeIssuer();
        await using var app = await LoneApp.StartedAsync();

        var answer = await app.LogOutAsync(issuer.Key.Sign(issuer.LogoutClaims()));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain("   at ", app.Program.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unsaved_note_survives_the_logout()
    {
        using var issuer = new FakeIssuer();
        await using var app = await StartAsync(issuer);
        var session = await app.SignedInAsync("alice");
        var form = await app.FormAsync("/notes", session);
        await app.LogOutAsync(issuer.Key.Sign(issuer.LogoutClaims()));

        using var written = await app.PostAsync(
            "/notes?handler=Write", form.Cookies, ("__RequestVerificationToken", form.Field), ("title", "Half a note"), ("text", ""));
        Assert.Equal("/account/start?returnUrl=%2Fnotes", written.Headers.Location?.OriginalString, ignoreCase: true);
        Assert.Contains("The note you were writing is kept", await app.StartPageAsync(session), StringComparison.Ordinal);

        var again = await app.SignedInAsync("alice", session);
        Assert.Contains("value=\"Half a note\"", (await app.FormAsync("/notes", again)).Page, StringComparison.Ordinal);
    }

    private static Task<LoneApp> StartAsync(FakeIssuer issuer) =>
        LoneApp.StartedAsync(("Issuer:Authority", issuer.Address), ("App:Scopes", "openid offline_access"));

    private static string Forged(string token, string other) => $"{token[..token.LastIndexOf('.')]}.{other.Split('.')[2]}";
}
