namespace AuthServer.Requests;

/// <summary>
/// Makes the redirect after a form a 303 (RFC 9700 4.12): the browser then follows it with a GET and without the form, which may hold a
/// password. With 302, the browser may decide that itself.
/// </summary>
internal sealed class SeeOther(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode is StatusCodes.Status302Found)
                {
                    context.Response.StatusCode = StatusCodes.Status303SeeOther;
                }

                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
