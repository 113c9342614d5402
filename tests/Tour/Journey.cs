using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;

namespace Tour;

/// <summary>The way of a token through the platform, from discovery to revocation, as real requests.</summary>
internal sealed class Journey(Guide guide, Addresses at)
{
    private const string ClientId = "orders";
    private const string Secret = "orders-demo-secret";
    private const string Scope = "openid profile email offline_access users.read notes.read";

    private readonly Uri tokenEndpoint = new(at.Issuer, "/connect/token");

    /// <returns>Whether every step went as it should.</returns>
    public async Task<bool> RunAsync()
    {
        await DiscoverAsync();
        var signedIn = await SignInAsync(Scope);
        await CallApiAsync(signedIn);
        await ReplayAsync(signedIn, await RefreshAsync(signedIn));
        await RevokeAsync();
        Console.WriteLine(guide.AllWentWell ? "\nThe tour went as it should." : "\nThe tour did NOT go as it should: see the steps marked ✗.");
        return guide.AllWentWell;
    }

    private async Task DiscoverAsync()
    {
        guide.Step("The issuer says what it offers and where");
        var metadata = await guide.GetAsync(new Uri(at.Issuer, "/.well-known/openid-configuration"));
        guide.Check("the document is there, and its issuer is the address it was asked at", metadata.Status is HttpStatusCode.OK && Uri.TryCreate(metadata["issuer"], UriKind.Absolute, out var issuer) && issuer == at.Issuer);
        guide.Check("the grants are password, refresh_token and client_credentials", metadata["grant_types_supported"].Contains("refresh_token", StringComparison.Ordinal));
    }

    private async Task<Reply> SignInAsync(string scope)
    {
        guide.Step($"Alice signs in to Orders by the password grant");
        var reply = await guide.PostAsync(
            tokenEndpoint, ClientId, Secret, ("grant_type", "password"), ("username", "alice"), ("password", "correct-horse-apple"), ("scope", scope));
        guide.Check("the answer holds an access token, a refresh token and an ID token",
            reply.Status is HttpStatusCode.OK && reply["access_token"].Length > 0 && reply["refresh_token"].Length > 0 && reply["id_token"].Length > 0);

        guide.Step("What the access token says (RFC 9068)");
        var (header, claims) = (Part(reply["access_token"], 0), Part(reply["access_token"], 1));
        Guide.Show(header);
        Guide.Show(claims);
        guide.Check("it is an at+jwt signed with ES256", header["typ"]?.ToString() is "at+jwt" && header["alg"]?.ToString() is "ES256");
        guide.Check("its audience is the API", claims["aud"]?.ToString() is { } audience && new Uri(audience) == at.Api);
        return reply;
    }

    private async Task CallApiAsync(Reply signedIn)
    {
        var subject = Part(signedIn["access_token"], 1)["sub"]!.ToString();
        guide.Step("The API with the token, as in Django: GET /api/user/1 with Authorization: Bearer");
        var user = await guide.GetAsync(new Uri(at.Api, $"/api/user/{subject}"), signedIn["access_token"]);
        guide.Check("200, and it is Alice", user.Status is HttpStatusCode.OK && user.Json.ToJsonString().Contains("alice@example.test", StringComparison.Ordinal));

        guide.Step("The API without a token");
        var anonymous = await guide.GetAsync(new Uri(at.Api, $"/api/user/{subject}"));
        guide.Check("401 with a Bearer challenge (RFC 6750 3)", anonymous.Status is HttpStatusCode.Unauthorized && anonymous.Challenge.StartsWith("Bearer", StringComparison.Ordinal));

        guide.Step("The API with a token of too little scope");
        var little = await guide.PostAsync(
            tokenEndpoint, ClientId, Secret, ("grant_type", "password"), ("username", "alice"), ("password", "correct-horse-apple"), ("scope", "notes.read"));
        var forbidden = await guide.GetAsync(new Uri(at.Api, $"/api/user/{subject}"), little["access_token"]);
        guide.Check("403 insufficient_scope, and the challenge names the scope", forbidden.Status is HttpStatusCode.Forbidden
            && forbidden.Challenge.Contains("insufficient_scope", StringComparison.Ordinal) && forbidden.Challenge.Contains("users.read", StringComparison.Ordinal));
    }

    private async Task<Reply> RefreshAsync(Reply signedIn)
    {
        guide.Step("A refresh");
        var reply = await RedeemAsync(signedIn["refresh_token"]);
        guide.Check("both tokens are new", reply.Status is HttpStatusCode.OK
            && reply["access_token"] != signedIn["access_token"] && reply["refresh_token"].Length > 0 && reply["refresh_token"] != signedIn["refresh_token"]);
        return reply;
    }

    private async Task ReplayAsync(Reply first, Reply second)
    {
        guide.Step($"Somebody uses the old refresh token again, after the leeway of {at.Leeway.TotalSeconds:0} s");
        await Task.Delay(at.Leeway + TimeSpan.FromMilliseconds(500));
        var replayed = await RedeemAsync(first["refresh_token"]);
        guide.Check("it is refused with invalid_grant", replayed.Status is HttpStatusCode.BadRequest && replayed["error"] is "invalid_grant");
        var newest = await RedeemAsync(second["refresh_token"]);
        guide.Check("its whole family is dead: the newest refresh token is refused too", newest["error"] is "invalid_grant");
    }

    private async Task RevokeAsync()
    {
        var signedIn = await SignInAsync(Scope);
        guide.Step("Signing out: the app revokes its refresh token (RFC 7009)");
        var revoked = await guide.PostAsync(new Uri(at.Issuer, "/connect/revoke"), ClientId, Secret, ("token", signedIn["refresh_token"]));
        guide.Check("200", revoked.Status is HttpStatusCode.OK);

        guide.Step("Introspection (RFC 7662) of the access token of that sign-in");
        var told = await guide.PostAsync(new Uri(at.Issuer, "/connect/introspect"), ClientId, Secret, ("token", signedIn["access_token"]));
        guide.Check("it is inactive", told.Status is HttpStatusCode.OK && told["active"] is "false");
    }

    private Task<Reply> RedeemAsync(string refreshToken) =>
        guide.PostAsync(tokenEndpoint, ClientId, Secret, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    // A refused sign-in gives no token; the tour then fails at its checks and not here.
    private static JsonObject Part(string token, int index) => token.Split('.') is { Length: 3 } parts
        ? JsonNode.Parse(Base64Url.DecodeFromChars(parts[index]))!.AsObject()
        : new JsonObject { ["sub"] = "nobody" };
}
