using System.Security.Claims;
using AuthServer.Connect;
using OpenIddict.Server;

namespace AuthServer.Tests.Connect;

public sealed class VerifiedTokenCacheTests
{
    [Fact]
    public void What_one_request_adds_to_its_claims_no_other_request_sees()
    {
        var cache = new VerifiedTokenCache();
        var options = new OpenIddictServerOptions();
        var verified = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "alice")], "test"));
        cache.Add("token", verified, options);
        verified.Identities.Single().AddClaim(new Claim("added", "by the first request"));

        var second = cache.Find("token", options)!;
        Assert.Equal("alice", Assert.Single(second.Claims).Value);
        second.Identities.Single().AddClaim(new Claim("added", "by the second request"));

        Assert.Equal("alice", Assert.Single(cache.Find("token", options)!.Claims).Value);
    }
}
