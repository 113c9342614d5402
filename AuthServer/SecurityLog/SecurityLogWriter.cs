using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.SupportCodes;
using AuthServer.Telemetry;
using AuthServer.Throttling;
using Microsoft.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.SecurityLog;

/// <summary>
/// Writes one event for each reported outcome when a request ends. A refusal that was not reported is recognized by its answer: an error of
/// the protocol, or 429. The outcomes are steps of a support code, too, if a person may know the code.
/// </summary>
internal sealed partial class SecurityLogWriter(
    RequestDelegate next, TypedNames names, RefusalAudit audit, ServerMetrics metrics, ILogger<SecurityLogWriter> logger)
{
    // Normal answers are no events: a device that polls, an app that asks whether somebody is signed in, a person who declines.
    // Failures of this server are logged elsewhere.
    private static readonly HashSet<string> Usual = new(StringComparer.Ordinal)
    {
        Errors.AuthorizationPending, Errors.SlowDown, Errors.LoginRequired, Errors.ConsentRequired, Errors.InteractionRequired,
        Errors.AccountSelectionRequired, Errors.AccessDenied, Errors.TemporarilyUnavailable, Errors.ServerError,
    };

    public async Task InvokeAsync(HttpContext context, SecurityEvents events)
    {
        var path = context.Request.Path;
        try
        {
            await next(context);
        }
        finally
        {
            Write(context, path, events);
        }
    }

    private void Write(HttpContext context, PathString path, SecurityEvents events)
    {
        var (error, description) = ErrorOf(context);
        var found = events.Reported.Count > 0
            ? events.Reported
            : UnreportedRefusal(context, path, error, description) is { } refusal ? [refusal] : [];
        if (found.Count is 0)
        {
            return;
        }

        var address = context.RemoteAddress();
        var text = (address?.IsIPv4MappedToIPv6 is true ? address.MapToIPv4() : address)?.ToString();
        var (person, app) = events.IsFromAppServer ? ((string?)null, text) : (text, null);
        var client = LoggedClientId.Of(context) ?? events.ClientId;
        var source = RequestSource.Of(context) with { Address = person };
        foreach (var outcome in found)
        {
            Count(outcome);
            if (events.Reported.Count > 0 || !path.IsPage())
            {
                // The error page has added a step for a refusal that nobody has reported.
                AddStep(context, path, outcome, error, description, client);
            }

            var mark = outcome.Typed is null ? null : names.MarkOf(outcome.Typed);
            if (outcome.IsRefusal)
            {
                audit.Offer(outcome, mark, client, source, ClientAddress.Key(address));
                Log.Refused(logger, outcome.Kind, outcome.Reason, error, client, outcome.Subject, mark, person, app, path.Value);
            }
            else
            {
                Log.Passed(logger, outcome.Kind, outcome.Reason, client, outcome.Subject, person, app, path.Value);
            }
        }
    }

    // Of the protocol's answers, only the redemption of a code belongs to a sign-in whose code a person may know.
    private static void AddStep(
        HttpContext context, PathString path, SecurityEvent outcome, string? error, string? description, string? client)
    {
        if (path.IsPage())
        {
            var step = outcome.IsRefusal ? SupportSteps.SignInRefused : SupportSteps.SignInPassed;
            RequestSteps.Of(context).Add(step, outcome.IsRefusal ? outcome.Code : null, outcome.Reason, outcome.Subject, client: client);
            return;
        }

        var (reason, details) = outcome.Code is RefusalCodes.RequestRefused
            ? (error, ErrorWords.Of(description))
            : (outcome.Code, outcome.Reason);
        RequestSteps.Find(context)?.Add(SupportSteps.TokensRefused, reason, details, outcome.Subject, client: client);
    }

    private void Count(SecurityEvent outcome)
    {
        if (outcome.IsRefusal)
        {
            metrics.Refused(outcome.Kind, SecurityEventKinds.MethodOf(outcome.Kind));
        }
        else
        {
            metrics.SignedIn(outcome.Reason);
        }
    }

    private static SecurityEvent? UnreportedRefusal(HttpContext context, PathString path, string? error, string? description)
    {
        if (context.Response.StatusCode is StatusCodes.Status429TooManyRequests)
        {
            return new(SecurityEventKinds.RequestThrottled, RefusalCodes.Throttled, "Too many requests from this address, or for this account.");
        }

        if (error is null)
        {
            // The endpoints of Compatibility/ have an error format of their own.
            return path.IsDjangoRestFrameworkJwt() && context.Response.StatusCode is >= 400 and < 500
                ? new(SecurityEventKinds.RequestRefused, RefusalCodes.RequestRefused, "The request or its token was refused.")
                : null;
        }

        return Usual.Contains(error) ? null
            : new(
                error is Errors.InvalidClient ? SecurityEventKinds.ClientRefused : SecurityEventKinds.RequestRefused,
                error is Errors.InvalidClient ? RefusalCodes.ClientRefused : RefusalCodes.RequestRefused,
                WithoutQuotes(description));
    }

    private static (string? Error, string? Description) ErrorOf(HttpContext context) =>
        context.Features.Get<OAuthError>() is { } error ? (error.Code, error.Description)
        : context.GetOpenIddictServerResponse() is { Error: { Length: > 0 } code } refusal ? (code, refusal.ErrorDescription)
        : (null, null);

    // A description may quote what was sent, and that may be a token in the wrong field.
    private static string WithoutQuotes(string? description)
    {
        var (first, last) = (description?.IndexOf('\'', StringComparison.Ordinal) ?? -1, description?.LastIndexOf('\'') ?? -1);
        return first < last ? $"{description![..first]}'…'{description[(last + 1)..]}" : description ?? "";
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{SecurityEvent}: {Reason} Error {Error}, client {ClientId}, subject {Subject}, typed {TypedMark}, address "
                + "{Address}, app's address {AppAddress}, path {Path}")]
        public static partial void Refused(
            ILogger logger, string securityEvent, string reason, string? error, string? clientId, Guid? subject, string? typedMark,
            string? address, string? appAddress, string? path);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{SecurityEvent}: {Methods}. Client {ClientId}, subject {Subject}, address "
                + "{Address}, app's address {AppAddress}, path {Path}")]
        public static partial void Passed(
            ILogger logger, string securityEvent, string methods, string? clientId, Guid? subject, string? address, string? appAddress,
            string? path);
    }
}
