using AuthServer.Pages;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Localization;

namespace AuthServer.Account;

/// <summary>
/// <c>POST /account/strength</c>: rates a password while it is typed, from 0 to 4, and says in the page's
/// language why it would be refused. The password is neither stored nor logged.
/// </summary>
internal static class StrengthEndpoint
{
    public static async Task<IResult> HandleAsync(
        HttpContext context, IAntiforgery antiforgery, StrengthThrottle throttle, PasswordRules rules,
        IStringLocalizer<Texts> texts)
    {
        if (!context.Request.HasFormContentType || !await IsOfAFormAsync(context, antiforgery))
        {
            return Results.BadRequest();
        }

        if (!throttle.TryAsk(context.RemoteAddress()))
        {
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);

        // A person who came by a mailed link is not signed in, but the form has the name of the account.
        var name = form["userName"].ToString() is { Length: <= UserLookup.LongestName } typed ? typed : "";
        var person = context.Features.Get<BrowserSession>()?.User ?? new User { UserName = name, Email = name };
        var (score, refusal) = rules.StrengthOf(form["password"].ToString(), person);
        return Results.Json(new { score, advice = refusal is null ? null : texts[refusal].Value });
    }

    // The form's token is bound to the signed-in person, or to nobody on a page behind a mailed link. Both are tried.
    private static async Task<bool> IsOfAFormAsync(HttpContext context, IAntiforgery antiforgery)
    {
        var nobody = context.User;
        context.User = (await context.AuthenticateAsync(BrowserCookie.Scheme)).Principal ?? nobody;
        if (await antiforgery.IsRequestValidAsync(context))
        {
            return true;
        }

        (var person, context.User) = (context.User, nobody);
        return person != nobody && await antiforgery.IsRequestValidAsync(context);
    }
}

/// <summary>Limits the ratings for each client address: one costs about 20 ms.</summary>
internal sealed class StrengthThrottle(TimeProvider time)
{
    private readonly Buckets visitors = new(time, 60, TimeSpan.FromMinutes(1));

    public bool TryAsk(System.Net.IPAddress? address) => visitors.TryTake(ClientAddress.Key(address), out _);
}
