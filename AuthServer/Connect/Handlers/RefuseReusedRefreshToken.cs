using System.Globalization;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Protection;

namespace AuthServer.Connect.Handlers;

/// <summary>
/// RFC 9700 4.14.2: a refresh token used again after the leeway is in two hands, so its family ends.
/// OpenIddict revokes the tokens then and leaves the authorization valid; it also knows no leeway per client.
/// </summary>
internal sealed class RefuseReusedRefreshToken(
    IOpenIddictTokenManager tokens,
    IOpenIddictApplicationManager clients,
    TokenFamily family,
    IOptions<ConnectOptions> options,
    TimeProvider time) : IOpenIddictServerHandler<ValidateTokenContext>
{
    /// <summary>A client's own <see cref="ConnectOptions.RefreshTokenLeeway"/>, a <see cref="TimeSpan"/> in format <c>c</c>.</summary>
    public const string LeewaySetting = "refresh_token_leeway";

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<RefuseReusedRefreshToken>()
            .SetOrder(ValidateTokenEntry.Descriptor.Order - 100)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        // RFC 7009 2.1: whoever revokes a spent token means its family, and RevokeWholeFamily ends it.
        if (context.EndpointType is OpenIddictServerEndpointType.Revocation || context.TokenId is null || context.Principal?.HasTokenType(TokenTypeIdentifiers.RefreshToken) is not true
            || await tokens.FindByIdAsync(context.TokenId, context.CancellationToken) is not { } token
            || !await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken))
        {
            return;
        }

        var redeemedAt = await tokens.GetRedemptionDateAsync(token, context.CancellationToken);
        if (redeemedAt + await LeewayAsync(context.Principal.GetPresenters().FirstOrDefault(), context.CancellationToken) > time.GetUtcNow())
        {
            return;
        }

        // Introspecting a used token is no use of it, and another client has no say in whether the family lives.
        if (context.EndpointType is OpenIddictServerEndpointType.Token && context.Principal.HasPresenter(context.Request?.ClientId ?? ""))
        {
            await family.RevokeAsync(context.AuthorizationId, "refresh token reused", context.CancellationToken);
        }

        context.Reject(Errors.InvalidToken, "The refresh token has already been used.");
    }

    private async Task<TimeSpan> LeewayAsync(string? clientId, CancellationToken cancellationToken)
    {
        var client = clientId is null ? null : await clients.FindByClientIdAsync(clientId, cancellationToken);
        var settings = client is null ? [] : await clients.GetSettingsAsync(client, cancellationToken);
        return settings.TryGetValue(LeewaySetting, out var text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var leeway)
            ? leeway
            : options.Value.RefreshTokenLeeway;
    }
}
