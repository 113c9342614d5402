using OpenIddict.Abstractions;

namespace AuthServer.Connect;

/// <summary>Everything that hangs on one sign-in at one client: its authorization and all tokens under it.</summary>
internal sealed partial class TokenFamily(
    IOpenIddictAuthorizationManager authorizations, IOpenIddictTokenManager tokens, ILogger<TokenFamily> logger)
{
    /// <summary>Ends the family: nothing of it refreshes, and introspection and userinfo refuse it from now on.</summary>
    /// <remarks>A resource API that validates locally accepts an access token until it expires.</remarks>
    public async Task RevokeAsync(string? authorizationId, string reason, CancellationToken cancellationToken)
    {
        if (authorizationId is null)
        {
            return;
        }

        // The authorization first: it alone is enough to refuse every token that names it.
        if (await authorizations.FindByIdAsync(authorizationId, cancellationToken) is { } authorization)
        {
            await authorizations.TryRevokeAsync(authorization, cancellationToken);
        }

        await tokens.RevokeByAuthorizationIdAsync(authorizationId, cancellationToken);
        Log.Revoked(logger, authorizationId, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Revoked the token family {Authorization}: {Reason}")]
        public static partial void Revoked(ILogger logger, string authorization, string reason);
    }
}
