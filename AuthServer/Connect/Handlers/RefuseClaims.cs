using AuthServer.Connect.Authorize;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers;

/// <summary>OpenID Connect Core 5.5: a <c>claims</c> parameter that cannot be read is <c>invalid_request</c>, before anybody is asked for a password.</summary>
internal sealed class RefuseClaims
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>, IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor OfAuthorizations { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<RefuseClaims>()
            .SetOrder(RefuseScope.OfAuthorizations.Order + 50)
            .Build();

    public static OpenIddictServerHandlerDescriptor OfPushedAuthorizations { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidatePushedAuthorizationRequestContext>()
            .UseSingletonHandler<RefuseClaims>()
            .SetOrder(RefuseScope.OfPushedAuthorizations.Order + 50)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (ClaimsParameter.Read(context.Request, out var problem) is null)
        {
            context.Reject(Errors.InvalidRequest, problem);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
    {
        if (ClaimsParameter.Read(context.Request, out var problem) is null)
        {
            context.Reject(Errors.InvalidRequest, problem);
        }

        return ValueTask.CompletedTask;
    }
}
