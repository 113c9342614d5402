using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// An answered kept request stays usable for <see cref="Repetition.Moment"/>, and names the authorization that it led to. OpenIddict
/// redeems it at its first answer. But a double click, a reload or a second tab repeats it, and the browser shows only the last
/// answer: the client would get <c>error=invalid_token</c>, or the user an error page. RFC 9126 4 and 7.3 allow the repetition.
/// </summary>
internal sealed class ExpireAnsweredRequest(IOpenIddictTokenManager tokens, AuthDbContext database, TimeProvider time)
    : IOpenIddictServerHandler<ProcessSignInContext>, IOpenIddictServerHandler<ProcessSignOutContext>
{
    public ValueTask HandleAsync(ProcessSignInContext context) => context.EndpointType is OpenIddictServerEndpointType.Authorization
        ? EndSoonAsync(context, context.Principal?.GetAuthorizationId())
        : new OpenIddictServerHandlers.RedeemTokenEntry(tokens).HandleAsync(context);

    public ValueTask HandleAsync(ProcessSignOutContext context) => EndSoonAsync(context, authorization: null);

    private async ValueTask EndSoonAsync(BaseContext context, string? authorization)
    {
        var request = RequestState.ContextOf<ProcessAuthenticationContext>(context.Transaction)?.RequestTokenPrincipal;
        if (!Guid.TryParse(request?.GetTokenId(), out var id))
        {
            return;
        }

        DateTime? until = (time.GetUtcNow() + Repetition.Moment).UtcDateTime;
        Guid? ledTo = Guid.TryParse(authorization, out var given) ? given : null;
        await database.Set<Token>().Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ExpirationDate, row => row.ExpirationDate < until ? row.ExpirationDate : until)
                .SetProperty(row => EF.Property<Guid?>(row, "AuthorizationId"), ledTo),
            context.CancellationToken);
    }
}
