using System.Globalization;

namespace AuthServer.Protocol;

/// <summary>Answers a request with an error before an endpoint has seen it.</summary>
internal static class RefusedRequest
{
    /// <summary>Answers in the form that the path needs: the protocol's, a page, or problem details.</summary>
    public static Task AnswerAsync(HttpContext context, OAuthError error)
    {
        if (context.Request.Path.IsProtocol())
        {
            return error.ExecuteAsync(context);
        }

        context.Response.Headers.RetryAfter = error.RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture);
        if (context.Request.Path.IsPage())
        {
            // The status code middleware then shows the error page.
            context.Response.StatusCode = error.Status;
            return Task.CompletedTask;
        }

        return TypedResults.Problem(statusCode: error.Status).ExecuteAsync(context);
    }
}
