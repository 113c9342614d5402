using System.Net;
using AuthServer.Outbox;
using Microsoft.Extensions.Options;

namespace AuthServer.Logout;

/// <summary>Sends a logout token (OpenID Connect Back-Channel Logout 1.0, 2.5).</summary>
internal sealed class LogoutCall(IOptions<LogoutOptions> options) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    // No redirect is followed: the token is only for the registered address.
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = Timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout,
    };

    public async Task<Delivery> SendAsync(string address, string token, CancellationToken stoppingToken)
    {
        try
        {
            using var content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
            using var request = new HttpRequestMessage(HttpMethod.Post, Reachable(new Uri(address))) { Content = content };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stoppingToken);

            // Some frameworks answer 204 when it is done.
            return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent
                ? Delivery.Done
                : Delivery.Deferred($"it answers {(int)response.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            return Delivery.Away(exception.Message);
        }
        catch (TaskCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return Delivery.Away($"no answer within {Timeout.TotalSeconds} s");
        }
    }

    public void Dispose() => http.Dispose();

    private Uri Reachable(Uri address)
    {
        var known = options.Value.Addresses.Select(LogoutOptions.Read)
            .FirstOrDefault(entry => entry?.From.GetLeftPart(UriPartial.Authority) == address.GetLeftPart(UriPartial.Authority));
        return known is var (_, inner) ? new Uri(inner, address.PathAndQuery) : address;
    }
}
