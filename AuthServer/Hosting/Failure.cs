using System.Data.Common;
using System.Security.Authentication;
using AuthServer.Data;
using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Hosting;

/// <summary>Translates an exception into the error that the client gets.</summary>
internal static class Failure
{
    public static readonly OAuthError Unavailable = new(
        Errors.TemporarilyUnavailable,
        "The server cannot answer at the moment; try again shortly.",
        StatusCodes.Status503ServiceUnavailable,
        RetryAfter: TimeSpan.FromSeconds(5));

    private static readonly OAuthError Bug =
        new(Errors.ServerError, "The server failed; the error has been logged.", StatusCodes.Status500InternalServerError);

    public static OAuthError Of(Exception exception) => exception switch
    {
        BadHttpRequestException request => new(Errors.InvalidRequest, "The request could not be read.", request.StatusCode),
        _ when IsDatabaseDown(exception) => Unavailable,
        _ => Bug,
    };

    /// <summary>True if the database is unreachable, overloaded or read-only: the same request may succeed later.</summary>
    public static bool IsDatabaseDown(Exception exception) => Chain(exception).Any(DatabaseErrors.AreAway);

    /// <summary>
    /// The message of the database driver. It may contain names of servers and tables, so it is only for the log and the management port.
    /// </summary>
    public static string DatabaseProblem(Exception exception)
    {
        var message = (Chain(exception).OfType<DbException>().LastOrDefault() ?? exception).Message;

        // The driver only says that the TLS handshake failed. The inner exception says why.
        return Chain(exception).OfType<AuthenticationException>().LastOrDefault() is { } tls
            ? $"{message} The certificate of the database server is not trusted: {tls.Message} Install its "
                + "authority on this machine; docs/databases.md says how."
            : message;
    }

    public static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
