using System.Text;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Validation.OpenIddictValidationEvents;
using static OpenIddict.Validation.OpenIddictValidationHandlers;

namespace ResourceApi.Bearer;

/// <summary>
/// The answer to a request that may not pass: status and WWW-Authenticate of RFC 6750 3, with the scope that would
/// do and where to read about this resource (RFC 9728 5.1), and the same for people as problem details.
/// </summary>
internal sealed class BearerChallenge(IOptions<ApiOptions> api) : IOpenIddictValidationHandler<ProcessChallengeContext>
{
    public static OpenIddictValidationHandlerDescriptor Descriptor { get; }
        = OpenIddictValidationHandlerDescriptor.CreateBuilder<ProcessChallengeContext>()
            .UseSingletonHandler<BearerChallenge>()
            .SetOrder(AttachDefaultChallengeError.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessChallengeContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var scope = http.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Name;

        // Endpoints ask for nothing but scopes here: refused with a good token means that the scope is missing.
        var (status, error, description) = context.Response.Error switch
        {
            Errors.MissingToken => (StatusCodes.Status401Unauthorized, null, "An access token is needed."),
            Errors.InvalidToken => (StatusCodes.Status401Unauthorized, Errors.InvalidToken, context.Response.ErrorDescription),
            Errors.InvalidRequest => (StatusCodes.Status400BadRequest, Errors.InvalidRequest, context.Response.ErrorDescription),
            Errors.TemporarilyUnavailable => (StatusCodes.Status503ServiceUnavailable, null, context.Response.ErrorDescription),
            _ => (StatusCodes.Status403Forbidden, Errors.InsufficientScope, $"The token lacks the scope {scope}.")
        };

        if (status is StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = $"{IssuerKeys.RetryInterval.TotalSeconds:0}";
        }
        else
        {
            http.Response.Headers.WWWAuthenticate = Header(error, description, scope);
        }

        await TypedResults.Problem(description, statusCode: status).ExecuteAsync(http);
        context.HandleRequest();
    }

    private string Header(string? error, string? description, string? scope)
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

        return header.ToString();
    }
}
