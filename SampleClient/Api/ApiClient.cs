using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using SampleClient.Answers;
using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Api;

/// <summary>Calls the API on behalf of the user of a session.</summary>
internal sealed partial class ApiClient(
    HttpClient http, AccessTokens tokens, IOptions<IssuerOptions> issuerOptions, ILogger<ApiClient> logger)
{
    public async Task<CallResult> CallAsync(
        Session session, HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var issuer = await tokens.GetAsync(session, cancellationToken);
        if (issuer.Tokens is null)
        {
            return WithoutToken(issuer);
        }

        var result = await SendAsync(method, path, body, issuer.Tokens, cancellationToken);

        // RFC 9470: a step-up needs the user. A refresh would not help, because the new token tells of the same sign-in.
        if (result.Answer is not { Status: StatusCodes.Status401Unauthorized, Challenge: null or { IsStepUp: false } })
        {
            return result;
        }

        // RFC 6750 3.1: after invalid_token a client may request a new token and try again. This app does so once.
        issuer = await tokens.RefreshAsync(session with { Tokens = issuer.Tokens }, cancellationToken);
        return issuer.Fault switch
        {
            null => await SendAsync(method, path, body, issuer.Tokens, cancellationToken),
            IssuerFault.Refused => WithoutToken(issuer),
            _ => result,
        };
    }

    /// <summary>Shows what the API answers to a stranger.</summary>
    public Task<CallResult> CallWithoutTokenAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        SendAsync(method, path, body: null, tokens: null, cancellationToken);

    private async Task<CallResult> SendAsync(
        HttpMethod method, string path, object? body, TokenSet? tokens, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = tokens is null ? null : new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return new CallResult(await ApiAnswer.ReadAsync(response, cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.Away(logger, exception.Message);
            return new CallResult(null, Notice.ApiAway(http.BaseAddress!));
        }
    }

    private CallResult WithoutToken(IssuerAnswer issuer) => issuer.Fault is IssuerFault.Refused
        ? new CallResult(null, MustSignInAgain: true)
        : new CallResult(null, Notice.For(issuer, issuerOptions.Value.AuthorityUri!));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The API does not answer. {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
