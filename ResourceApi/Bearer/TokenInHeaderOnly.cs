using Microsoft.AspNetCore;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Validation.OpenIddictValidationEvents;
using static OpenIddict.Validation.OpenIddictValidationHandlers;

namespace ResourceApi.Bearer;

/// <summary>
/// Only one token is accepted, in the Authorization header. A token in the query would be kept in logs and browser histories (RFC
/// 6750 5.3, RFC 9700 4.3.2). With two tokens it would be unclear which one counts (RFC 6750 3.1, invalid_request).
/// </summary>
internal sealed class TokenInHeaderOnly : IOpenIddictValidationHandler<ProcessAuthenticationContext>
{
    public static OpenIddictValidationHandlerDescriptor Descriptor { get; }
        = OpenIddictValidationHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<TokenInHeaderOnly>()
            .SetOrder(EvaluateValidatedTokens.Descriptor.Order + 250)
            .Build();

    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        var request = context.Transaction.GetHttpRequest()!;
        if (request.Query.ContainsKey(Parameters.AccessToken))
        {
            context.Reject(Errors.InvalidRequest, "An access token in the query is not accepted: send it in the Authorization header.");
        }
        else if (request.Headers.Authorization.Count > 1)
        {
            context.Reject(Errors.InvalidRequest, "There is more than one Authorization header.");
        }

        return ValueTask.CompletedTask;
    }
}
