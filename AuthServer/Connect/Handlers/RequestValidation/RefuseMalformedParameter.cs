using System.Text.RegularExpressions;
using AuthServer.Connect.Authorize;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// Refuses malformed parameters as <c>invalid_request</c>: a repeated parameter (RFC 6749 3.1), an unreadable <c>claims</c> (OpenID
/// Connect Core 5.5) or <c>max_age</c>, a code challenge that no code verifier fits (RFC 7636 4.2). The user has not been asked for a
/// password yet; OpenIddict would find the wrong code challenge only at the token endpoint. A malformed code verifier is
/// <c>invalid_grant</c>.
/// </summary>
internal sealed partial class RefuseMalformedParameter
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (context.Request.CodeVerifier is { } verifier && !Verifier().IsMatch(verifier))
        {
            context.Reject(Errors.InvalidGrant, "The 'code_verifier' must have 43 to 128 unreserved characters (RFC 7636 4.1).");
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => Check(context, context.Request);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) => Check(context, context.Request);

    private static ValueTask Check(BaseValidatingContext context, OpenIddictRequest request)
    {
        if (ProblemOf(request) is { } problem)
        {
            context.Reject(Errors.InvalidRequest, problem);
        }

        return ValueTask.CompletedTask;
    }

    private static string? ProblemOf(OpenIddictRequest request) =>
        request.GetParameters()
            .FirstOrDefault(parameter => parameter.Value.GetUnnamedParameters().Count > 1 && parameter.Key is not Parameters.Resource)
            .Key is not null ? "The request has a parameter more than once."
        : ClaimsParameter.Read(request, out var problem) is null ? problem
        : request.HasParameter(Parameters.MaxAge) && request.MaxAge is not >= 0 ? "The 'max_age' must be a number of seconds."
        : request.CodeChallenge is { } challenge && !Challenge().IsMatch(challenge)
            ? "The 'code_challenge' must be the SHA-256 of the code verifier, in base64url."
        : null;

    [GeneratedRegex("^[A-Za-z0-9._~-]{43,128}\\z")]
    private static partial Regex Verifier();

    [GeneratedRegex("^[A-Za-z0-9_-]{43}\\z")]
    private static partial Regex Challenge();
}
