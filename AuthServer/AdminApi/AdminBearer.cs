using System.Globalization;
using AuthServer.Administration;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.AdminApi;

/// <summary>
/// Checks the access token of a request to the administration API (RFC 6750, RFC 9068), and what its owner may do now. A token is not
/// enough: its sign-in must not have ended, and the person's roles are read anew for each request. Two statements. Turns exceptions into
/// problem details.
/// </summary>
internal sealed class AdminBearer(
    RequestDelegate next, AdminChallenge challenge, IOptions<ConnectOptions> connect, IOptions<AdminOptions> options)
{
    private const string Scheme = "Bearer ";

    private readonly string resource = AdministrationFeature.ResourceOf(connect.Value);

    public async Task InvokeAsync(
        HttpContext context, IOpenIddictServerDispatcher dispatcher, RolePermissionStore permissions, AuthDbContext database,
        ClientCache clients, AuditActor actor)
    {
        if (!options.Value.Enabled)
        {
            context.SetEndpoint(null);
            await next(context);
            return;
        }

        // Answers name people, and some show a secret.
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<AdminOperation>() is { } operation)
            {
                if (!HttpMethods.IsGet(context.Request.Method))
                {
                    context.Features.Set(await AdminBody.ReadAsync(context.Request));
                }

                var caller = await AuthenticateAsync(context, dispatcher, permissions, database, clients, operation);
                challenge.Authorize(context, caller, operation);
                context.Features.Set(caller);
                if (caller.User is { } user)
                {
                    actor.IsPerson(user, caller.Session);
                }
                else
                {
                    actor.IsClient(caller.App);
                }
            }

            await next(context);
            if (context.Response.HasStarted)
            {
                return;
            }

            if (context.GetEndpoint()?.Metadata.GetMetadata<AdminOperation>() is null)
            {
                await AnswerNoOperationAsync(context);
            }
            else if (context.Response.StatusCode is StatusCodes.Status400BadRequest)
            {
                await AnswerUnreadableAsync(context);
            }
        }
        catch (AdminProblem problem)
        {
            await problem.WriteAsync(context);
        }
        catch (OperationException exception)
        {
            await AdminProblem.Of(exception).WriteAsync(context);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode is StatusCodes.Status400BadRequest)
        {
            await new AdminProblem(ProblemKind.InvalidRequest, exception.Message).WriteAsync(context);
        }
    }

    // What routing has refused.
    private static Task AnswerNoOperationAsync(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new AdminProblem(ProblemKind.NotFound, "There is no such operation.").WriteAsync(context),
        StatusCodes.Status405MethodNotAllowed => new AdminProblem(ProblemKind.MethodNotAllowed).WriteAsync(context),
        _ => Task.CompletedTask,
    };

    // A parameter has a value that cannot be read.
    private static Task AnswerUnreadableAsync(HttpContext context)
    {
        var sent = context.GetEndpoint()!.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(parameter => parameter.HasTryParse && context.Request.Query.ContainsKey(parameter.Name))
            .Select(parameter => parameter.Name);
        return new AdminProblem(ProblemKind.InvalidRequest, $"One of these cannot be read: {string.Join(", ", sent)}.").WriteAsync(context);
    }

    private async Task<AdminCaller> AuthenticateAsync(
        HttpContext context, IOpenIddictServerDispatcher dispatcher, RolePermissionStore permissions, AuthDbContext database,
        ClientCache clients, AdminOperation operation)
    {
        var headers = context.Request.Headers.Authorization;
        if (headers.Count is 0)
        {
            throw challenge.Refuse(context, ProblemKind.MissingToken, null, operation);
        }

        if (headers.Count > 1 || !headers[0]!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw challenge.Refuse(context, ProblemKind.InvalidToken, Errors.InvalidToken, operation);
        }

        var validation = new ValidateTokenContext(context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!)
        {
            CancellationToken = context.RequestAborted,
            Token = headers[0]![Scheme.Length..].Trim(),
            ValidTokenTypes = { TokenTypeIdentifiers.AccessToken },
        };
        await dispatcher.DispatchAsync(validation);
        if (validation.IsRejected || validation.Principal is not { } token || !token.HasAudience(resource)
            || token.HasClaim(ProtocolNames.ActorClaim)
            || token.GetClaim(Claims.ClientId) is not { } app
            || await clients.FindAsync(database, app, context.RequestAborted) is not { Client.DisabledAt: null } client
            || !AccessTokenId.TryParse(token.GetClaim(Claims.JwtId), out var authorization))
        {
            throw challenge.Refuse(context, ProblemKind.InvalidToken, Errors.InvalidToken, operation);
        }

        var scopes = token.GetScopes().Where(client.Policy.Grants).ToHashSet(StringComparer.Ordinal);

        // Without an authorization, the app acts for itself: its registration is all that limits it.
        var user = authorization == Guid.Empty ? (Guid?)null : Guid.Parse(token.GetClaim(Claims.Subject)!);
        var power = user is { } person
            ? await permissions.OfUserAsync(person, context.RequestAborted)
            : AdminPower.Full.LimitedTo(client.Policy.RegisteredScopes.ToHashSet(StringComparer.Ordinal));
        return new AdminCaller(
            user,
            Guid.TryParse(token.GetClaim(ProtocolNames.SessionIdClaim), out var session) ? session : null,
            app,
            power,
            power.LimitedTo(scopes),
            AuthenticatedAt(token.GetClaim(Claims.AuthenticationTime)),
            token.GetClaim(Claims.AuthenticationContextReference));
    }

    private static DateTimeOffset? AuthenticatedAt(string? claim) =>
        long.TryParse(claim, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
