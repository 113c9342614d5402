using AuthServer.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace AuthServer.Pages;

/// <summary>
/// Refuses pages while an administrator acts as the user, and so everything that changes the account, gives permission or signs in. That is
/// so for every page without an <see cref="UnderImpersonationAttribute"/>, also for one that somebody adds later.
/// </summary>
internal sealed class ImpersonationGuard : IAsyncAuthorizationFilter
{
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        var mark = context.ActionDescriptor.EndpointMetadata.OfType<UnderImpersonationAttribute>().FirstOrDefault();
        var isAllowed = mark is not null && (mark.TakesForms || !HttpMethods.IsPost(http.Request.Method));

        // A page about a failure must not fail on the database.
        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError
            || !BrowserTicket.IsOfImpersonation(http)
            || await http.AuthenticateAsync(BrowserCookie.Scheme) is not { Succeeded: true, Principal: var ticket })
        {
            return;
        }

        // The layout shows the banner, whose form leads from every page to the same one: so all forms are tied to the session.
        http.User = ticket;
        if (!isAllowed)
        {
            http.Features.Set(new RefusedWhileActing());
            context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
        }
    }
}

/// <summary>Tells the error page why the request was refused.</summary>
internal sealed record RefusedWhileActing;
