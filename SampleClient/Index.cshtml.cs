using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Api;
using SampleClient.Issuer;
using SampleClient.Sessions;
using SampleClient.Shared;
using SampleClient.Tokens;

namespace SampleClient;

/// <summary>The start page: how long the access token lasts, and calls to the API with and without it.</summary>
internal sealed class IndexModel(
    ApiClient api, AccessTokens tokens, IOptions<IssuerOptions> issuer, TimeProvider time) : SignedInPage
{
    private const string Me = "api/me";

    public ApiAnswer? Answer { get; private set; }

    public Notice? Notice { get; private set; }

    /// <summary>What the button "Try again" does, when there is one.</summary>
    public string? RetryHandler { get; private set; }

    public string Remaining
        => Session.Tokens!.ExpiresAt > time.GetUtcNow() ? Duration.Of(Session.Tokens.ExpiresAt - time.GetUtcNow()) : "no time";

    public void OnGet() => Notice = TakeFlash()?.Notice;

    public async Task<IActionResult> OnPostCallAsync(CancellationToken cancellationToken)
        => Show(await api.CallAsync(Session, HttpMethod.Get, Me, body: null, cancellationToken), "Call");

    public async Task<IActionResult> OnPostCallWithoutTokenAsync(CancellationToken cancellationToken)
        => Show(await api.CallWithoutTokenAsync(HttpMethod.Get, Me, cancellationToken), "CallWithoutToken");

    public async Task<IActionResult> OnPostRefreshAsync(CancellationToken cancellationToken)
    {
        var answer = await tokens.RefreshAsync(Session, cancellationToken);
        return answer.Fault switch
        {
            null => RedirectWith(new Flash(Notice.Refreshed)),
            IssuerFault.Refused => SignInAgain(),
            _ => Show(new CallResult(null, Notice.For(answer, issuer.Value.AuthorityUri!)), "Refresh"),
        };
    }

    private IActionResult Show(CallResult result, string handler)
    {
        if (result.MustSignInAgain || !Reload())
        {
            return SignInAgain();
        }

        Answer = result.Answer;
        Notice = result.Problem;
        RetryHandler = result.Problem is null ? null : handler;
        Response.StatusCode = result.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Page();
    }
}
