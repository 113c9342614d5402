using AuthServer.Protocol;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace AuthServer.Pages;

/// <summary>
/// A page that leads to the protocol's endpoints, and from there perhaps to an app, answers with a small page that goes on by itself, and not
/// with a redirect. Chrome applies a form's <c>form-action</c> to every redirect that follows the form, also to those between the app's own
/// origins, which this server cannot know. A navigation that a page begins is not judged by it.
/// </summary>
internal sealed class LeadOn(IModelMetadataProvider metadata) : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        // As the browser will read it. A header is of ASCII alone.
        if (context.Result is not LocalRedirectResult { Url: { } url }
            || new Uri(new Uri("http://localhost"), url.TrimStart('~')) is var target && !PathString.FromUriComponent(target).IsUnder(Paths.Connect))
        {
            return;
        }

        // No script is needed, and the page does not stay in the browser's history.
        var address = target.PathAndQuery;
        context.HttpContext.Response.Headers["Refresh"] = "0; url=" + address;
        context.Result = new ViewResult
        {
            ViewName = "/Pages/Shared/LeadOn.cshtml",
            ViewData = new ViewDataDictionary<string>(metadata, context.ModelState) { Model = address },
        };
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
