using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Validation.OpenIddictValidationEvents;
using static OpenIddict.Validation.OpenIddictValidationHandlers.Protection;

namespace ResourceApi.Bearer;

/// <summary>
/// Checks that RFC 9068 requires and OpenIddict 7.8 does not make. OpenIddict accepts a token without <c>exp</c>, before its
/// <c>nbf</c> or with a <c>crit</c>, and throws if it does not know a <c>cnf</c>.
/// </summary>
internal sealed class AccessTokenRules : IOpenIddictValidationHandler<ValidateTokenContext>
{
    public static OpenIddictValidationHandlerDescriptor Descriptor { get; }
        = OpenIddictValidationHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<AccessTokenRules>()
            .SetOrder(ValidateIdentityModelToken.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.TokenValidationResult?.SecurityToken is JsonWebToken token && Refusal(context, token) is { } reason)
        {
            context.Reject(Errors.InvalidToken, reason);
        }

        return ValueTask.CompletedTask;
    }

    private static string? Refusal(ValidateTokenContext context, JsonWebToken token)
    {
        var now = context.Options.TimeProvider.GetUtcNow().UtcDateTime;
        var skew = context.TokenValidationParameters.ClockSkew;

        // IdentityModel gives DateTime's bounds for a claim that is missing or out of range. RFC 9068 2.2: exp is required.
        if (token.ValidTo == DateTime.MinValue || token.ValidTo.Year == DateTime.MaxValue.Year)
        {
            return "The token never expires.";
        }

        if (token.ValidTo <= now - skew)
        {
            return "The token has expired.";
        }

        if (token.ValidFrom > now + skew)
        {
            return "The token is not valid yet.";
        }

        if (string.IsNullOrEmpty(token.Subject))
        {
            return "The token has no subject.";
        }

        // RFC 7515 4.1.11: extensions that a recipient has to understand. This API knows none.
        if (token.TryGetHeaderValue<object>("crit", out _))
        {
            return "The token has critical extensions.";
        }

        // RFC 7800: bound to a key that the sender would have to prove. This API takes plain bearer tokens.
        return token.TryGetClaim(Claims.Confirmation, out _) ? "The token is bound to a key and cannot be used as a bearer token." : null;
    }
}
