using AuthServer.SupportCodes;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// The redemption of a code is a step of the sign-in that the code comes from, whether or not it is refused. A code without a support code
/// comes from a silent request, or from a node of an earlier version.
/// </summary>
internal sealed class FollowSupportCode : IOpenIddictServerHandler<ValidateTokenContext>
{
    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal?.GetClaim(TokenPrincipal.SupportCodeClaim) is { } code
            && context.Transaction.GetHttpRequest() is { } request)
        {
            RequestSteps.Of(request.HttpContext).Follow(code);
        }

        return ValueTask.CompletedTask;
    }
}
