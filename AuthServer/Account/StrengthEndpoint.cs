using AuthServer.Passwords;
using AuthServer.Sessions;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;

namespace AuthServer.Account;

/// <summary><c>POST /account/strength</c>: how strong a password is that is being typed, from 0 to 4. Keeps and logs nothing of it.</summary>
internal static class StrengthEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, IAntiforgery antiforgery, StrengthThrottle throttle, PasswordRules rules)
    {
        if (!context.Request.HasFormContentType || !await IsOfAFormAsync(context, antiforgery))
        {
            return Results.BadRequest();
        }

        if (!throttle.TryAsk(context.Connection.RemoteIpAddress))
        {
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);

        // Who comes by a link is nobody yet, but the form says who they will be.
        var name = form["userName"].ToString() is { Length: <= UserLookup.LongestName } typed ? typed : "";
        var person = context.Features.Get<BrowserSession>()?.User ?? new User { UserName = name, Email = name };
        return Results.Json(new { score = rules.StrengthOf(form["password"].ToString(), person) });
    }

    // The page may be one for who is signed in, or one for whoever comes by a link.
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

/// <summary>A judgement costs some 20 ms.</summary>
internal sealed class StrengthThrottle(TimeProvider time)
{
    private readonly Buckets visitors = new(time, 60, TimeSpan.FromMinutes(1));

    public bool TryAsk(System.Net.IPAddress? address) => visitors.TryTake(ClientAddress.Key(address), out _);
}
