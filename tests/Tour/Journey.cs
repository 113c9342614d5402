using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;

namespace Tour;

/// <summary>The life of a token on the platform, from discovery to revocation, in real requests.</summary>
internal sealed class Journey(Guide guide, Addresses at)
{
    // The tour has its own app, with a leeway short enough to wait for.
    private const string ClientId = "tour";
    private const string Secret = "tour-demo-secret";
    private const string Scope = "openid profile email offline_access users.read notes.read";

    private static readonly string[] Grants =
        ["authorization_code", "password", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"];

    private readonly Uri tokenEndpoint = new(at.Issuer, "/connect/token");

    /// <returns>True if every step succeeded.</returns>
    public async Task<bool> RunAsync()
    {
        await DiscoverAsync();
        var signedIn = await SignInAsync();
        Decode(signedIn);
        await CallApiAsync(signedIn);
        await ReplayAsync(signedIn, await RefreshAsync(signedIn));
        await RevokeAsync();
        return guide.AllWentWell;
    }

    private async Task DiscoverAsync()
    {
        guide.Step("The issuer says what it offers and where (OpenID Connect Discovery)");
        var metadata = await guide.GetAsync(new Uri(at.Issuer, "/.well-known/openid-configuration"));
        guide.Check("its issuer is the address it was asked at",
            metadata.Status is HttpStatusCode.OK
                && Uri.TryCreate(metadata["issuer"], UriKind.Absolute, out var issuer)
                && issuer == at.Issuer);
        var grants = (metadata.Json["grant_types_supported"] as JsonArray ?? []).Select(grant => grant?.ToString());
        guide.Check($"the grants are {string.Join(", ", Grants)}", grants.ToHashSet().SetEquals(Grants));
    }

    private async Task<Reply> SignInAsync()
    {
        guide.Step("Alice signs in to Tour by the password grant");
        var reply = await SignInAsync(Scope);
        guide.Check("200, with an access token, a refresh token and an ID token",
            reply.Status is HttpStatusCode.OK
                && reply["access_token"].Length > 0
                && reply["refresh_token"].Length > 0
                && reply["id_token"].Length > 0);
        return reply;
    }

    private void Decode(Reply signedIn)
    {
        guide.Step("What the access token says (RFC 9068)");
        var (header, claims) = (Part(signedIn["access_token"], 0), Part(signedIn["access_token"], 1));
        Guide.Show(header);
        Guide.Show(claims);
        guide.Check("it is an at+jwt signed with ES256", header["typ"]?.ToString() is "at+jwt" && header["alg"]?.ToString() is "ES256");
        guide.Check(
            "its audience is the API, and the issuer for userinfo",
            claims["aud"] is JsonArray { Count: 2 } audiences && audiences.Any(one => new Uri(one!.ToString()) == at.Api));
    }

    private async Task CallApiAsync(Reply signedIn)
    {
        var me = new Uri(at.Api, "/api/me");
        var user = new Uri(at.Api, $"/api/user/{Part(signedIn["access_token"], 1)["sub"]}");

        guide.Step("The API with the token: Authorization: Bearer");
        foreach (var address in new[] { me, user })
        {
            var answer = await guide.GetAsync(address, signedIn["access_token"]);
            guide.Check(
                "200, and it is Alice",
                answer.Status is HttpStatusCode.OK && answer.Json.ToJsonString().Contains("alice@example.test", StringComparison.Ordinal));
        }

        guide.Step("The API without a token");
        var anonymous = await guide.GetAsync(user);
        guide.Check(
            "401 with a Bearer challenge (RFC 6750 3)",
            anonymous.Status is HttpStatusCode.Unauthorized && anonymous.Challenge.StartsWith("Bearer", StringComparison.Ordinal));

        guide.Step("The API with a token of too little scope");
        var little = await SignInAsync("notes.read");
        var forbidden = await guide.GetAsync(user, little["access_token"]);
        guide.Check("403 insufficient_scope, and the challenge names the scope", forbidden.Status is HttpStatusCode.Forbidden
            && forbidden.Challenge.Contains("error=\"insufficient_scope\"", StringComparison.Ordinal)
            && forbidden.Challenge.Contains("scope=\"users.read\"", StringComparison.Ordinal));
    }

    private async Task<Reply> RefreshAsync(Reply signedIn)
    {
        guide.Step("A refresh (RFC 6749 6)");
        var reply = await RedeemAsync(signedIn["refresh_token"]);
        guide.Check(
            "200, and both tokens are new",
            reply.Status is HttpStatusCode.OK && reply["access_token"].Length > 0 && reply["refresh_token"].Length > 0
                && reply["access_token"] != signedIn["access_token"] && reply["refresh_token"] != signedIn["refresh_token"]);
        return reply;
    }

    private async Task ReplayAsync(Reply first, Reply second)
    {
        guide.Step($"Somebody uses the old refresh token again, after the leeway of {at.Leeway.TotalSeconds:0.#} s");
        await Task.Delay(at.Leeway + TimeSpan.FromMilliseconds(500));
        guide.Check("it is refused with invalid_grant", IsInvalidGrant(await RedeemAsync(first["refresh_token"])));
        guide.Check(
            "the sign-in has ended with it: the newest refresh token is refused too",
            IsInvalidGrant(await RedeemAsync(second["refresh_token"])));
    }

    private async Task RevokeAsync()
    {
        var signedIn = await SignInAsync();
        guide.Step("Introspection of its access token (RFC 7662)");
        guide.Check("it is active", (await IntrospectAsync(signedIn))["active"] is "true");

        guide.Step("Signing out: the app revokes its refresh token (RFC 7009)");
        var revoked = await guide.PostAsync(new Uri(at.Issuer, "/connect/revoke"), ClientId, Secret, ("token", signedIn["refresh_token"]));
        guide.Check("200", revoked.Status is HttpStatusCode.OK);

        guide.Step("Introspection of the same access token");
        guide.Check("it is inactive", (await IntrospectAsync(signedIn))["active"] is "false");
        guide.Check("its refresh token is refused", IsInvalidGrant(await RedeemAsync(signedIn["refresh_token"])));
    }

    private Task<Reply> SignInAsync(string scope) => guide.PostAsync(
        tokenEndpoint, ClientId, Secret, ("grant_type", "password"), ("username", "alice"), ("password", "correct-horse-apple"),
        ("scope", scope));

    private Task<Reply> RedeemAsync(string refreshToken) =>
        guide.PostAsync(tokenEndpoint, ClientId, Secret, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    private Task<Reply> IntrospectAsync(Reply signedIn) =>
        guide.PostAsync(new Uri(at.Issuer, "/connect/introspect"), ClientId, Secret, ("token", signedIn["access_token"]));

    private static bool IsInvalidGrant(Reply reply) => reply.Status is HttpStatusCode.BadRequest && reply["error"] is "invalid_grant";

    // A refused sign-in gives no token. The tour then fails at its checks, not here.
    private static JsonObject Part(string token, int index) => token.Split('.') is { Length: 3 } parts
        ? JsonNode.Parse(Base64Url.DecodeFromChars(parts[index]))!.AsObject()
        : new JsonObject { ["sub"] = "nobody" };
}
