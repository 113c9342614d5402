using AuthServer.Sessions;
using AuthServer.SupportCodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Pages;

/// <summary>
/// Handles a form that comes without its cookie, or after a sign-in in another tab: the person gets a new form and is told so. A forged
/// form ends at the same page, and nothing has happened.
/// </summary>
internal sealed class ExpiredForm : IAsyncAlwaysRunResultFilter
{
    public const string Parameter = "expired";

    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        if (context.Result is IAntiforgeryValidationFailedResult)
        {
            var http = context.HttpContext;
            var request = http.Request;
            await http.RequestServices.GetRequiredService<PageSupportCode>().FollowAsync(http, request.Query[BrowserCookie.ReturnUrl]);
            RequestSteps.Of(http).Add(SupportSteps.FormExpired);
            var query = request.Query.Where(entry => entry.Key is not (Parameter or "handler"));
            context.Result = new LocalRedirectResult(QueryHelpers.AddQueryString(request.Path, query.Append(new(Parameter, "1"))));
        }

        await next();
    }
}
