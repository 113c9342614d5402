using AuthServer.Protocol;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace AuthServer.Pages;

/// <summary>
/// Replaces a page's redirect to the protocol's endpoints, which may redirect on to an app, by a small page that goes on by itself. Chrome
/// applies <c>form-action</c> to every redirect that follows a form, including those between the app's own origins, which this server
/// cannot know. It does not apply it to a navigation that a page starts.
/// </summary>
internal sealed class ClientSideRedirect(IModelMetadataProvider metadata) : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        // Parsed as the browser will parse it, and escaped, because a header is ASCII.
        if (context.Result is not LocalRedirectResult { Url: { } url }
            || new Uri(new Uri("http://localhost"), url.TrimStart('~')) is var target
                && !PathString.FromUriComponent(target).IsUnder(Paths.Connect))
        {
            return;
        }

        // Refresh needs no script, and the page does not stay in the browser's history.
        var address = target.PathAndQuery;
        context.HttpContext.Response.Headers["Refresh"] = "0; url=" + address;
        context.Result = new ViewResult
        {
            ViewName = "/Pages/Shared/ClientSideRedirect.cshtml",
            ViewData = new ViewDataDictionary<string>(metadata, context.ModelState) { Model = address },
        };
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
