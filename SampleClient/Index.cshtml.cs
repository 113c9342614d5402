using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Answers;
using SampleClient.Api;
using SampleClient.Issuer;
using SampleClient.Sessions;
using SampleClient.Shared;

namespace SampleClient;

/// <summary>The start page: how long the access token remains valid, and calls to the API with and without it.</summary>
internal sealed class IndexModel(
    ApiClient api, AccessTokens tokens, IOptions<IssuerOptions> issuer, TimeProvider time) : SignedInPage
{
    private const string Me = "api/me";

    public string Remaining =>
        Session.Tokens!.ExpiresAt > time.GetUtcNow() ? Duration.Of(Session.Tokens.ExpiresAt - time.GetUtcNow()) : "no time";

    public void OnGet() => TakeFlash();

    public async Task<IActionResult> OnPostCallAsync(CancellationToken cancellationToken) =>
        Show(await api.CallAsync(Session, HttpMethod.Get, Me, body: null, cancellationToken), "Call");

    public async Task<IActionResult> OnPostCallWithoutTokenAsync(CancellationToken cancellationToken) =>
        Show(await api.CallWithoutTokenAsync(HttpMethod.Get, Me, cancellationToken), "CallWithoutToken");

    public async Task<IActionResult> OnPostRefreshAsync(CancellationToken cancellationToken)
    {
        var answer = await tokens.RefreshAsync(Session, cancellationToken);
        return answer.Fault switch
        {
            null => RedirectWith(new Flash(Notice.Refreshed)),
            IssuerFault.Refused => SignInAgain(),
            _ => Fail(Notice.For(answer, issuer.Value.AuthorityUri!), "Refresh"),
        };
    }

    private IActionResult Show(CallResult result, string handler)
    {
        if (result.MustSignInAgain || !Reload())
        {
            return SignInAgain();
        }

        Answer = result.Answer;
        return result.Problem is null ? Page() : Fail(result.Problem, handler);
    }
}
