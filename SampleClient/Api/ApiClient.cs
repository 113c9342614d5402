using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using SampleClient.Answers;
using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Api;

/// <summary>Calls the API in the name of a session.</summary>
internal sealed partial class ApiClient(
    HttpClient http, AccessTokens tokens, IOptions<IssuerOptions> issuerOptions, ILogger<ApiClient> logger)
{
    public async Task<CallResult> CallAsync(Session session, HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var issuer = await tokens.GetAsync(session, cancellationToken);
        if (issuer.Tokens is null)
        {
            return WithoutToken(issuer);
        }

        var result = await SendAsync(method, path, body, issuer.Tokens, cancellationToken);

        // RFC 9470: it is the person who has to do something, and a refresh keeps the sign-in that it goes back to.
        if (result.Answer is not { Status: StatusCodes.Status401Unauthorized, Challenge: null or { IsStepUp: false } })
        {
            return result;
        }

        // RFC 6750 3.1: on invalid_token a client may ask for a new one and try again. Once.
        issuer = await tokens.RefreshAsync(session with { Tokens = issuer.Tokens }, cancellationToken);
        return issuer.Fault switch
        {
            null => await SendAsync(method, path, body, issuer.Tokens, cancellationToken),
            IssuerFault.Refused => WithoutToken(issuer),
            _ => result,
        };
    }

    /// <summary>To see what the API says to somebody it does not know.</summary>
    public Task<CallResult> CallWithoutTokenAsync(HttpMethod method, string path, CancellationToken cancellationToken)
        => SendAsync(method, path, body: null, tokens: null, cancellationToken);

    private async Task<CallResult> SendAsync(HttpMethod method, string path, object? body, TokenSet? tokens, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = tokens is null ? null : new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return new CallResult(await ApiAnswer.ReadAsync(response, cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
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
        [LoggerMessage(LogLevel.Warning, "The API does not answer. {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
