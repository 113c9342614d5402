using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Compatibility;

/// <summary>The client that the endpoints act for.</summary>
internal sealed partial class ActingClient(
    IOptions<CompatibilityOptions> options, ClientCache clients, AuthDbContext database, ILogger<ActingClient> logger)
{
    /// <summary>Gives no reason, because the caller could do nothing about it. The log tells the operator.</summary>
    public static readonly OAuthError Unusable =
        new(Errors.TemporarilyUnavailable, "This endpoint is not set up.", StatusCodes.Status503ServiceUnavailable);

    /// <returns>Null if the settings name no client, or one that is missing or unsuitable. The latter is logged.</returns>
    public async Task<(Client Client, ClientPolicy Policy)?> FindAsync(CancellationToken cancellationToken)
    {
        if (options.Value.DjangoRestFrameworkJwt is not { } id)
        {
            return null;
        }

        var found = await clients.FindAsync(database, id, cancellationToken);
        if (ProblemOf(found) is { } problem)
        {
            Log.Unusable(logger, CompatibilityOptions.Key, id, problem);
            return null;
        }

        return found;
    }

    /// <summary>Makes this request a request of the client to the token endpoint, without a client secret.</summary>
    public static OpenIddictServerTransaction Present(HttpContext context, OpenIddictRequest request)
    {
        var transaction = context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        transaction.EndpointType = OpenIddictServerEndpointType.Token;
        transaction.Request = request;
        return transaction;
    }

    private static string? ProblemOf((Client Client, ClientPolicy Policy)? found) => found switch
    {
        null => "there is no such app",
        { Client.DisabledAt: not null } => "it is disabled",

        // Requests of a confidential client must authenticate it. Requests to these endpoints cannot.
        { Policy.IsConfidential: true } => "it is confidential and must be public",
        { Policy: var policy } when !policy.Allows(Permissions.Endpoints.Token) || !policy.Allows(Permissions.GrantTypes.Password) =>
            "it lacks the grant 'password'",
        _ => null,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Key} names the app '{ClientId}', which cannot be used: {Problem}")]
        public static partial void Unusable(ILogger logger, string key, string clientId, string problem);
    }
}
