using System.Security.Claims;
using System.Text.Json;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Keys;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// Reads our refresh tokens in OpenIddict's place: opens the token and reads the family that it names, in one statement.
/// Whether it is the living one of its family is asked where it is redeemed, see <see cref="Rotation"/>.
/// </summary>
internal sealed class ReadRefreshToken(RefreshTokenFormat format, KeyRing keys, FamilyQueries queries, AuthDbContext database, TimeProvider time)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var isAwaited = context.ValidTokenTypes.Contains(TokenTypeIdentifiers.RefreshToken);
        if (!isAwaited && context.ValidTokenTypes.Count > 0)
        {
            return;
        }

        if (await ReadAsync(context.Token, context.CancellationToken) is not { } token)
        {
            if (isAwaited && context.ValidTokenTypes.Count is 1)
            {
                context.Reject(Errors.InvalidToken, "The refresh token is not valid.");
            }

            return;
        }

        var family = await queries.FindAsync(database, token.Authorization);
        if (family is not { Status: Statuses.Valid, EndedAt: null, ExpiresAt: { } expiresAt })
        {
            context.Reject(Errors.InvalidToken, OAuthError.SignInEnded.Description);
            return;
        }

        if (expiresAt <= time.GetUtcNow())
        {
            await NoteExpiryAsync(context, token, family);
            context.Reject(Errors.InvalidToken, "The refresh token has expired.");
            return;
        }

        // A spent one is worth nothing to whoever asks about it.
        if (context.EndpointType is OpenIddictServerEndpointType.Introspection && !(token.Generation == family.Generation && family.Issued(token)))
        {
            context.Reject(Errors.InvalidToken, "The refresh token has already been used.");
            return;
        }

        new PresentedRefreshToken(token, family).SetOn(context.Transaction);
        context.Principal = Principal(token, family);
    }

    // Another node may have written it with a key that this one has not seen yet.
    private async ValueTask<RefreshToken?> ReadAsync(string text, CancellationToken cancellationToken) =>
        format.Read(text) is { } token ? token
        : RefreshTokenFormat.KeyIdOf(text) is { } keyId && await keys.FindAsync(keyId, cancellationToken) ? format.Read(text)
        : null;

    private static ClaimsPrincipal Principal(RefreshToken token, Family family)
    {
        var identity = new ClaimsIdentity("AuthServer", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, family.User.Id.ToString());
        identity.SetClaim(ProtocolNames.SessionIdClaim, family.SessionId.ToString());
        identity.SetTokenType(TokenTypeIdentifiers.RefreshToken);
        identity.SetPresenters(family.ClientId);
        identity.SetScopes(JsonSerializer.Deserialize<string[]>(family.Scopes ?? "[]"));
        identity.SetCreationDate(token.IssuedAt);
        identity.SetExpirationDate(family.ExpiresAt);
        return new ClaimsPrincipal(identity);
    }

    private async Task NoteExpiryAsync(ValidateTokenContext context, RefreshToken token, Family family)
    {
        if (context.EndpointType is not OpenIddictServerEndpointType.Token || !family.ClientId.Equals(context.Request?.ClientId, StringComparison.Ordinal))
        {
            return;
        }

        var latest = await database.SessionEvents.Where(entry => entry.SessionId == family.SessionId)
            .OrderByDescending(entry => entry.At).Select(entry => (SessionEventKind?)entry.Kind).FirstOrDefaultAsync(context.CancellationToken);
        if (latest is SessionEventKind.Expired)
        {
            return;
        }

        database.Add(new SessionEvent
        {
            SessionId = family.SessionId,
            AuthorizationId = family.AuthorizationId,
            At = time.GetUtcNow(),
            Kind = SessionEventKind.Expired,
            Generation = token.Generation,
            Address = context.Transaction.GetHttpRequest() is { } request ? Origin.Of(request.HttpContext).Address : null,
        });
        await database.SaveChangesAsync(context.CancellationToken);
    }
}
