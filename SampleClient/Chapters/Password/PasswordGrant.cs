using Microsoft.Extensions.Options;
using OpenIddict.Client;
using SampleClient.App;
using SampleClient.Issuer;
using static OpenIddict.Client.OpenIddictClientModels;

namespace SampleClient.Chapters.Password;

/// <summary>Signs a user in with the password that was typed at this app (RFC 6749 4.3).</summary>
internal sealed class PasswordGrant(OpenIddictClientService service, IssuerClient issuer, IOptions<AppOptions> app, TimeProvider time)
{
    public Task<IssuerAnswer> SignInAsync(string userName, string password, CancellationToken cancellationToken) =>
        issuer.AskAsync("sign in", async () =>
        {
            var result = await service.AuthenticateWithPasswordAsync(new PasswordAuthenticationRequest
            {
                Username = userName,
                Password = password,
                Scopes = [.. app.Value.ScopeList],
                CancellationToken = cancellationToken,
            });
            return new IssuerAnswer(
                TokenSet.Of(
                    result.AccessToken, result.AccessTokenExpirationDate, result.RefreshToken, result.IdentityToken, time.GetUtcNow()),
                Person: result.Principal);
        });
}
