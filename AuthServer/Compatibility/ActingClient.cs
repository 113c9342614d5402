using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Compatibility;

/// <summary>The app that the endpoints act for.</summary>
internal sealed partial class ActingClient(
    IOptions<CompatibilityOptions> options, ClientCache clients, AuthDbContext database, ILogger<ActingClient> logger)
{
    /// <summary>The operator has it in the log; whoever asks can do nothing about it.</summary>
    public static readonly OAuthError Unusable =
        new(Errors.TemporarilyUnavailable, "This endpoint is not set up.", StatusCodes.Status503ServiceUnavailable);

    /// <returns>Null, and a line in the log, when it is not there or not one to act for.</returns>
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

    /// <summary>Lets what follows see a request of this client to the token endpoint, without a secret.</summary>
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

        // Its requests have to prove who they come from, and these cannot.
        { Policy.IsConfidential: true } => "it is confidential and must be public",
        { Policy: var policy } when !policy.Allows(Permissions.Endpoints.Token) || !policy.Allows(Permissions.GrantTypes.Password) => "it lacks the grant 'password'",
        _ => null,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Key} names the app '{ClientId}', which cannot be acted for: {Problem}")]
        public static partial void Unusable(ILogger logger, string key, string clientId, string problem);
    }
}
