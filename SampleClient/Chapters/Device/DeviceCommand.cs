using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using OpenIddict.Client;
using SampleClient.Hosting;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Abstractions.OpenIddictExceptions;
using static OpenIddict.Client.OpenIddictClientModels;

namespace SampleClient.Chapters.Device;

/// <summary>
/// <c>dotnet SampleClient.dll device</c>: signs a user in from a console (RFC 8628) and asks the API who the user is. The user
/// signs in with a browser elsewhere. OpenIddict polls at the issuer's interval, slower after slow_down, and until the code
/// expires.
/// </summary>
internal static class DeviceCommand
{
    public const string Name = "device";

    private const int SignedIn = 0;
    private const int NotSignedIn = 1;
    private const int Misconfigured = 2;

    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        var services = new ServiceCollection().AddSingleton(configuration);
        services.AddDevice();
        await using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            var accessToken = await SignInAsync(
                provider.GetRequiredService<OpenIddictClientService>(), provider.GetRequiredService<TimeProvider>());
            Console.WriteLine(
                $"Signed in as {await AskWhoAsync(provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name), accessToken)}.");
            return SignedIn;
        }
        catch (Exception exception) when (Explain(exception) is (var code, { } explanation))
        {
            await Console.Error.WriteLineAsync(explanation);
            return code;
        }
    }

    /// <returns>The access token.</returns>
    private static async Task<string> SignInAsync(OpenIddictClientService issuer, TimeProvider time)
    {
        var begun = await issuer.ChallengeUsingDeviceAsync(new DeviceChallengeRequest());
        Console.WriteLine($"To sign in, open   {begun.VerificationUri}");
        Console.WriteLine($"and enter the code {begun.UserCode}");
        if (begun.VerificationUriComplete is { } complete)
        {
            Console.WriteLine($"or open            {complete}");
        }

        Console.WriteLine($"The code is good for {begun.ExpiresIn.TotalMinutes:0.#} minutes. Waiting ...");
        var (interval, end) = (begun.Interval, time.GetUtcNow() + begun.ExpiresIn);
        while (true)
        {
            try
            {
                return (await issuer.AuthenticateWithDeviceAsync(new DeviceAuthenticationRequest
                {
                    DeviceCode = begun.DeviceCode,
                    Interval = interval,
                    Timeout = end - time.GetUtcNow(),
                    DisableUserInfo = true,
                })).AccessToken;
            }
            catch (ProtocolException exception) when (IsAway(exception) && time.GetUtcNow() + (interval * 2) < end)
            {
                // RFC 8628 3.5: an issuer that does not answer is polled half as often. The code stays valid.
                interval *= 2;
                await Task.Delay(interval, time);
            }
        }
    }

    private static async Task<string> AskWhoAsync(HttpClient api, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var answer = await api.SendAsync(request);
        var me = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Caller>();
        return me!.Name ?? me.Subject;
    }

    private static bool IsAway(ProtocolException exception) => exception.Error is Errors.ServerError or Errors.TemporarilyUnavailable;

    private static bool IsOfSettings(ProtocolException exception) =>
        exception.Error is Errors.InvalidClient or Errors.UnauthorizedClient or Errors.InvalidScope or Errors.UnsupportedGrantType
            or Errors.InvalidRequest;

    private static (int Code, string? Text) Explain(Exception exception) => exception switch
    {
        ProtocolException { Error: Errors.AccessDenied } => (NotSignedIn, "The user refused."),
        ProtocolException { Error: Errors.ExpiredToken } or OperationCanceledException { InnerException: not TimeoutException } =>
            (NotSignedIn, "Nobody has said yes in time. Start again for a new code."),
        ProtocolException issuer when IsAway(issuer) =>
            (NotSignedIn, "The login server does not answer as it should. Try again in a moment."),
        ProtocolException issuer when IsOfSettings(issuer) => (
            Misconfigured,
            $"The login server does not accept Device:ClientId or Device:Scopes: {issuer.Error}, {issuer.ErrorDescription}"),
        ProtocolException issuer => (NotSignedIn, $"The login server refused: {issuer.Error}, {issuer.ErrorDescription}"),
        HttpRequestException or OperationCanceledException => (NotSignedIn, $"The API does not answer as it should: {exception.Message}"),
        _ when StartFailure.Explain(exception) is { } explanation => (Misconfigured, explanation),

        // Thrown by OpenIddict: the discovery document names no such endpoint.
        InvalidOperationException => (Misconfigured, $"The login server does not offer this: {exception.Message}"),
        _ => (NotSignedIn, null),
    };

    /// <summary>The members of GET /api/me that the command shows.</summary>
    private sealed record Caller(string Subject, string? Name);
}
