using AuthServer.Connect.Authorize;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers;

/// <summary>A <c>claims</c> (OpenID Connect Core 5.5) or <c>max_age</c> that cannot be read is <c>invalid_request</c>, before anybody is asked for a password.</summary>
internal sealed class RefuseMalformed
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>, IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor OfAuthorizations { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<RefuseMalformed>()
            .SetOrder(RefuseScope.OfAuthorizations.Order + 50)
            .Build();

    public static OpenIddictServerHandlerDescriptor OfPushedAuthorizations { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidatePushedAuthorizationRequestContext>()
            .UseSingletonHandler<RefuseMalformed>()
            .SetOrder(RefuseScope.OfPushedAuthorizations.Order + 50)
            .Build();

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
        ClaimsParameter.Read(request, out var problem) is null ? problem
        : request.HasParameter(Parameters.MaxAge) && request.MaxAge is not >= 0 ? "The 'max_age' must be a number of seconds."
        : null;
}
