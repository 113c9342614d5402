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
/// The response to a refused request: status and WWW-Authenticate of RFC 6750 3. The header names the scope that is required, the
/// address of this resource's metadata (RFC 9728 5.1) and, if the sign-in is too old or too weak, the sign-in that is required (RFC
/// 9470 3). The body says the same as problem details.
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

        // Endpoints here require only scopes and sign-ins. So a request that is refused with a valid token lacks one of these.
        var (status, error, description) = context.Response.Error switch
        {
            Errors.MissingToken => (StatusCodes.Status401Unauthorized, null, "An access token is needed."),
            Errors.InvalidToken => (StatusCodes.Status401Unauthorized, Errors.InvalidToken, context.Response.ErrorDescription),
            Errors.InvalidRequest => (StatusCodes.Status400BadRequest, Errors.InvalidRequest, context.Response.ErrorDescription),
            Errors.TemporarilyUnavailable => (StatusCodes.Status503ServiceUnavailable, null, context.Response.ErrorDescription),
            _ when signIn is not null && (scope is null || http.User.HasScope(scope)) =>
                (
                    StatusCodes.Status401Unauthorized, InsufficientUserAuthentication,
                    "The person has to sign in anew, or in a stronger way."),
            _ => (StatusCodes.Status403Forbidden, Errors.InsufficientScope, $"The token lacks the scope {scope}."),
        };

        if (status is StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = $"{IssuerKeys.RetryInterval.TotalSeconds:0}";
        }
        else
        {
            http.Response.Headers.WWWAuthenticate = Header(
                error, description, scope, error is InsufficientUserAuthentication ? signIn : null);
        }

        await TypedResults.Problem(description, statusCode: status).ExecuteAsync(http);
        context.HandleRequest();
    }

    private string Header(string? error, string? description, string? scope, RequiredSignIn? signIn)
    {
        // RFC 6750 3.1: no error code if the request had no token. None of these values contains a quote or a backslash.
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
