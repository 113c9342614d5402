using System.Globalization;
using System.Text;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Validation.OpenIddictValidationEvents;
using static OpenIddict.Validation.OpenIddictValidationHandlers;

namespace ResourceApi.Bearer;

/// <summary>
/// The answer to a request that may not pass: status and WWW-Authenticate of RFC 6750 3, with the scope that would
/// do and where to read about this resource (RFC 9728 5.1), or the sign-in that would (RFC 9470 3), and the same for people as problem details.
/// </summary>
internal sealed class BearerChallenge(IOptions<ApiOptions> api) : IOpenIddictValidationHandler<ProcessChallengeContext>
{
    private const string InsufficientUserAuthentication = "insufficient_user_authentication";

    public static OpenIddictValidationHandlerDescriptor Descriptor { get; }
        = OpenIddictValidationHandlerDescriptor.CreateBuilder<ProcessChallengeContext>()
            .UseSingletonHandler<BearerChallenge>()
            .SetOrder(AttachDefaultChallengeError.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessChallengeContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var scope = http.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Name;
        var signIn = http.GetEndpoint()?.Metadata.GetMetadata<RequiredSignIn>();

        // Endpoints ask for nothing but scopes and sign-ins here: refused with a good token means that one of these is missing.
        var (status, error, description) = context.Response.Error switch
        {
            Errors.MissingToken => (StatusCodes.Status401Unauthorized, null, "An access token is needed."),
            Errors.InvalidToken => (StatusCodes.Status401Unauthorized, Errors.InvalidToken, context.Response.ErrorDescription),
            Errors.InvalidRequest => (StatusCodes.Status400BadRequest, Errors.InvalidRequest, context.Response.ErrorDescription),
            Errors.TemporarilyUnavailable => (StatusCodes.Status503ServiceUnavailable, null, context.Response.ErrorDescription),
            _ when signIn is not null && (scope is null || http.User.HasScope(scope)) =>
                (StatusCodes.Status401Unauthorized, InsufficientUserAuthentication, "The person has to sign in anew, or in a stronger way."),
            _ => (StatusCodes.Status403Forbidden, Errors.InsufficientScope, $"The token lacks the scope {scope}.")
        };

        if (status is StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = $"{IssuerKeys.RetryInterval.TotalSeconds:0}";
        }
        else
        {
            http.Response.Headers.WWWAuthenticate = Header(error, description, scope, error is InsufficientUserAuthentication ? signIn : null);
        }

        await TypedResults.Problem(description, statusCode: status).ExecuteAsync(http);
        context.HandleRequest();
    }

    private string Header(string? error, string? description, string? scope, RequiredSignIn? signIn)
    {
        // RFC 6750 3.1: no error code when there was no token. None of these values has a quote or backslash in it.
        var header = new StringBuilder($"""Bearer resource_metadata="{api.Value.MetadataAddress}" """.TrimEnd());
        if (scope is not null)
        {
            header.Append($", scope=\"{scope}\"");
        }

        if (error is not null)
        {
            header.Append($", error=\"{error}\", error_description=\"{description}\"");
        }

        if (signIn?.MaxAge is { } age)
        {
            header.Append(CultureInfo.InvariantCulture, $", max_age=\"{age.TotalSeconds:0}\"");
        }

        if (signIn?.AcrValues.Count > 0)
        {
            header.Append($", acr_values=\"{string.Join(' ', signIn.AcrValues)}\"");
        }

        return header.ToString();
    }
}
