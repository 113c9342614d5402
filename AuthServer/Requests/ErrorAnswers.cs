using System.Net.Mime;
using AuthServer.Hosting;
using AuthServer.Pages;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Diagnostics;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Requests;

/// <summary>
/// Turns errors into responses: RFC 6749 5.2 for clients of the protocol, a page for people, problem details (RFC 9457)
/// elsewhere. Internal details go only to the log.
/// </summary>
internal static partial class ErrorAnswers
{
    private static readonly OAuthError NoSuchEndpoint =
        new(Errors.InvalidRequest, "There is no such endpoint.", StatusCodes.Status404NotFound);

    public static void UseErrorAnswers(this WebApplication app)
    {
        app.UseStatusCodePages(AnswerStatusAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerExceptionAsync,

            // An error that is not a bug of this program gets one log line, not a stack trace.
            SuppressDiagnosticsCallback = context => Failure.Of(context.Exception).Code is not Errors.ServerError,
        });

        // Routing comes after the above, so that the error page can be shown instead of the page that failed.
        app.UseMiddleware<RequestMethods>();
        app.UseRouting();
    }

    /// <summary>Answers a request that took too long.</summary>
    public static Task AnswerTimeoutAsync(HttpContext context) => RefusedRequest.AnswerAsync(context, Failure.Unavailable);

    private static Task AnswerExceptionAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()!.Error;
        var error = Failure.Of(exception);
        if (Failure.IsDatabaseDown(exception))
        {
            Log.DatabaseDown(
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorAnswers)),
                Failure.DatabaseProblem(exception));
        }

        return RefusedRequest.AnswerAsync(context, error);
    }

    /// <summary>Adds a body to a response that has only a status. OpenIddict's 401 and 403 have no body on purpose (RFC 6750 3).</summary>
    private static Task AnswerStatusAsync(StatusCodeContext answer)
    {
        var context = answer.HttpContext;
        var status = context.Response.StatusCode;
        if (context.Request.Path.IsPage()
            || (status is StatusCodes.Status404NotFound && !context.Request.Path.IsProtocol() && IsLookedAt(context.Request)))
        {
            return ShowPageAsync(answer);
        }

        return (context.Request.Path.IsProtocol(), status) switch
        {
            (true, StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden) => Task.CompletedTask,
            (true, StatusCodes.Status404NotFound) => NoSuchEndpoint.ExecuteAsync(context),
            (true, _) =>
                new OAuthError(Errors.InvalidRequest, "This endpoint does not accept such a request.", status).ExecuteAsync(context),
            _ => TypedResults.Problem(statusCode: status).ExecuteAsync(context),
        };
    }

    private static bool IsLookedAt(HttpRequest request) =>
        request.Headers.Accept.Any(types => types?.Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase) is true);

    private static async Task ShowPageAsync(StatusCodeContext answer)
    {
        var context = answer.HttpContext;
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        var request = context.Request;
        context.Features.Set<IStatusCodeReExecuteFeature>(new StatusCodeReExecuteFeature
        {
            OriginalPathBase = request.PathBase.ToUriComponent(),
            OriginalPath = request.Path.ToUriComponent(),
            OriginalQueryString = request.QueryString.ToUriComponent(),
        });

        var (path, query) = (request.Path, request.QueryString);

        // The error page needs only the language of the failed request, nothing else.
        var language = request.Query[Languages.Parameter].ToString();
        request.Path = Paths.Error;
        request.QueryString = language.Length is 0 ? QueryString.Empty : QueryString.Create(Languages.Parameter, language);
        try
        {
            await answer.Next(context);
        }
        finally
        {
            // The log line must name the request that failed: the page shows its trace id.
            (context.Request.Path, context.Request.QueryString) = (path, query);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The database cannot be used: {Problem}")]
        public static partial void DatabaseDown(ILogger logger, string problem);
    }
}
