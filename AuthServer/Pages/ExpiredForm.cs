using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Pages;

/// <summary>
/// Handles a form that comes without its cookie, or after a sign-in in another tab: the person gets a new form and is told so. A forged
/// form ends at the same page, and nothing has happened.
/// </summary>
internal sealed class ExpiredForm : IAlwaysRunResultFilter
{
    public const string Parameter = "expired";

    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is IAntiforgeryValidationFailedResult)
        {
            var request = context.HttpContext.Request;
            var query = request.Query.Where(entry => entry.Key is not (Parameter or "handler"));
            context.Result = new LocalRedirectResult(QueryHelpers.AddQueryString(request.Path, query.Append(new(Parameter, "1"))));
        }
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
