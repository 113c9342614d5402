using AuthServer.Administration;
using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthServer.AdminApi;

/// <summary>A field of a request that is wrong.</summary>
/// <param name="Pointer">Where it is in the body: a JSON pointer (RFC 6901).</param>
internal sealed record FieldProblem(string Pointer, string Detail);

/// <summary>A kind of refusal. Its page is <c>/api/admin/v1/problems/{code}</c>.</summary>
/// <param name="Code">The last part of the problem's <c>type</c>.</param>
/// <param name="Help">What it means and what to do, for the page.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Help)
{
    public static ProblemKind InvalidRequest { get; } = new(
        "invalid-request", 400, "The request cannot be read.",
        "The body is no JSON of the operation's shape, or a parameter has the wrong form. 'errors' names the place where it can.");

    public static ProblemKind InvalidField { get; } = new(
        "invalid-field", 422, "A value is not allowed.", "'errors' names each field by a JSON pointer, and says what it may be.");

    public static ProblemKind MissingToken { get; } = new(
        "missing-token", 401, "An access token is needed.",
        "Send the header 'Authorization: Bearer …' with an access token whose audience is the administration API.");

    public static ProblemKind InvalidToken { get; } = new(
        "invalid-token", 401, "The access token is not valid.",
        "It has expired, was revoked, its sign-in has ended, or it is for another audience. Get a new one.");

    public static ProblemKind InsufficientScope { get; } = new(
        "insufficient-scope", 403, "The operation is not allowed.",
        "The operation needs the scope that the header WWW-Authenticate names: the token has to have it, and a role of the person has to "
        + "allow it. 'GET /me' says what is allowed.");

    public static ProblemKind FreshSignInNeeded { get; } = new(
        "fresh-sign-in-needed", 401, "A recent sign-in with a second factor is needed.",
        "Send the person to the authorization endpoint with the 'acr_values' and 'max_age' of the header WWW-Authenticate (RFC 9470), and "
        + "repeat the request with the new token. An app that acts for itself cannot do this operation.");

    public static ProblemKind TooPowerful { get; } = new(
        "too-powerful", 403, "The operation needs more power than you have.",
        "Nobody may change a user, a role or an app that is allowed more than they are themselves, nor give away what they do not have.");

    public static ProblemKind NotFound { get; } = new(
        "not-found", 404, "There is no such thing.", "It does not exist, or you may not see it.");

    public static ProblemKind MethodNotAllowed { get; } = new(
        "method-not-allowed", 405, "The address does not take this method.", "The header 'Allow' names those that it takes.");

    public static ProblemKind UnsupportedMediaType { get; } = new(
        "unsupported-media-type", 415, "The body has another media type.",
        "A body is 'application/json'; of a PATCH, 'application/merge-patch+json' (RFC 7396).");

    public static ProblemKind Conflict { get; } = new(
        "conflict", 409, "The present state does not allow it.", "A name or an address is taken, or the change was made already.");

    public static ProblemKind LastAdministrator { get; } = new(
        "last-administrator", 409, "Nobody would be left to administer.",
        "The operation would leave no user who may do everything. Give somebody else a role with every scope first.");

    public static ProblemKind Stale { get; } = new(
        "stale", 412, "It was changed meanwhile.", "The version in 'If-Match' is not the present one. Read again, decide again.");

    public static ProblemKind VersionNeeded { get; } = new(
        "version-needed", 428, "The header If-Match is needed.",
        "Send the ETag that you have read in 'If-Match', so that nobody's change is lost. 'If-Match: *' takes any version.");

    public static ProblemKind KeyReused { get; } = new(
        "idempotency-key-reused", 422, "The Idempotency-Key belongs to another request.",
        "A key identifies one request with one body for 24 hours. Use a new key for a new request.");

    public static ProblemKind ImpersonationOff { get; } = new(
        "impersonation-off", 403, "Nobody can act as a user here.",
        "Impersonation is switched off, as it is by default. An operator can set 'Impersonation:Enabled'.");

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        InvalidRequest, InvalidField, MissingToken, InvalidToken, InsufficientScope, FreshSignInNeeded, TooPowerful, NotFound,
        MethodNotAllowed, UnsupportedMediaType, Conflict, LastAdministrator, Stale, VersionNeeded, KeyReused,
        ImpersonationOff,
    ];
}

/// <summary>Ends the request with a refusal. The transaction of the request is undone.</summary>
internal sealed class AdminProblem(ProblemKind kind, string? detail = null, params FieldProblem[] errors) : Exception(detail ?? kind.Title)
{
    public ProblemKind Kind => kind;

    public static AdminProblem Of(OperationException exception) => exception.Field is { } field
        ? new(KindOf(exception.Fault), exception.Message, new FieldProblem("/" + field, exception.Message))
        : new(KindOf(exception.Fault), exception.Message);

    /// <summary>Answers with problem details (RFC 9457 3).</summary>
    public Task WriteAsync(HttpContext context)
    {
        var issuer = context.RequestServices.GetRequiredService<IOptions<ConnectOptions>>().Value.IssuerUri;
        var problem = new ProblemDetails
        {
            Type = new Uri(issuer, $"{AdministrationFeature.Path}/problems/{kind.Code}").AbsoluteUri,
            Title = kind.Title,
            Status = kind.Status,
            Detail = detail,
        };
        if (errors.Length > 0)
        {
            problem.Extensions["errors"] = errors;
        }

        return TypedResults.Problem(problem).ExecuteAsync(context);
    }

    private static ProblemKind KindOf(OperationFault fault) => fault switch
    {
        OperationFault.NotFound => ProblemKind.NotFound,
        OperationFault.Conflict => ProblemKind.Conflict,
        OperationFault.Stale => ProblemKind.Stale,
        _ => ProblemKind.InvalidField,
    };
}
