using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages;

/// <summary>
/// The support code of a page: that of the app's request to which the page leads back. Without one, a cookie gives the forms that a browser
/// sends within half an hour one code. Nobody can make up the cookie, so nobody can add steps to another person's code.
/// </summary>
internal sealed class PageSupportCode(
    KeptRequestCodes codes, IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    private readonly ProtectedCookie<Mark> cookie = new("Support", TimeSpan.FromMinutes(30), protection, connect.Value, time);

    private sealed record Mark(string Code);

    /// <param name="returnUrl">Where the page leads to.</param>
    public async Task FollowAsync(HttpContext http, string? returnUrl)
    {
        var steps = RequestSteps.Of(http);
        if (RequestMarks.RequestUriOf(returnUrl) is { } requestUri)
        {
            steps.Follow(await codes.OfAsync(requestUri, http.RequestAborted));
        }
        else if (cookie.Get(http)?.Code is { } code)
        {
            steps.Follow(code);
        }
        else if (HttpMethods.IsPost(http.Request.Method))
        {
            cookie.Set(http, new Mark(steps.Code));
        }
    }
}
