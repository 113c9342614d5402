using OpenIddict.Client;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Abstractions.OpenIddictExceptions;
using static OpenIddict.Client.OpenIddictClientModels;

namespace SampleClient.Issuer;

/// <summary>
/// The requests that this app sends to the issuer directly: refresh (RFC 6749 6), revoke (RFC 7009).
/// </summary>
internal sealed partial class IssuerClient(OpenIddictClientService service, TimeProvider time, ILogger<IssuerClient> logger)
{
    // Not cancelled with the request that started it: other requests wait for the same answer, and the old refresh token is used
    // up.
    public Task<IssuerAnswer> RefreshAsync(TokenSet old) =>
        AskAsync("refresh", async () =>
        {
            var result = await service.AuthenticateWithRefreshTokenAsync(new RefreshTokenAuthenticationRequest
            {
                RefreshToken = old.RefreshToken!,
                DisableUserInfo = true,
            });

            // RFC 6749 6: if there is no new refresh token, the old one stays in use.
            return new IssuerAnswer(TokenSet.Of(
                result.AccessToken,
                result.AccessTokenExpirationDate,
                result.RefreshToken ?? old.RefreshToken,
                result.IdentityToken ?? old.IdentityToken,
                time.GetUtcNow()));
        });

    /// <summary>True if the issuer confirmed the revocation.</summary>
    public async Task<bool> RevokeAsync(string refreshToken) =>
        await AskAsync("revoke", async () =>
        {
            await service.RevokeTokenAsync(new RevocationRequest { Token = refreshToken, TokenTypeHint = TokenTypeHints.RefreshToken });
            return new IssuerAnswer(null);
        }) is { Fault: null };

    /// <summary>Turns the errors of a request into faults, and logs them.</summary>
    /// <param name="what">What the issuer was asked to do, for the log.</param>
    /// <param name="ask">Sends the request.</param>
    public async Task<IssuerAnswer> AskAsync(string what, Func<Task<IssuerAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ProtocolException exception)
        {
            var fault = exception.Error switch
            {
                Errors.InvalidGrant => IssuerFault.Refused,
                BusyAnswer.Error => IssuerFault.Busy,
                Errors.ServerError => IssuerFault.Away,
                _ => IssuerFault.RefusesApp,
            };
            Log.Failed(logger, what, fault, $"{exception.Error}: {exception.ErrorDescription}");
            return IssuerAnswer.Failed(fault, BusyAnswer.RetryAfter(exception.ErrorDescription));
        }
        catch (InvalidOperationException exception)
        {
            // The discovery document names no such endpoint.
            Log.Failed(logger, what, IssuerFault.Away, exception.Message);
            return IssuerAnswer.Failed(IssuerFault.Away);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The issuer did not {What}: {Fault}. {Reason}")]
        public static partial void Failed(ILogger logger, string what, IssuerFault fault, string reason);
    }
}
