using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using OpenIddict.Client;
using SampleClient.Hosting;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Abstractions.OpenIddictExceptions;
using static OpenIddict.Client.OpenIddictClientModels;

namespace SampleClient.Device;

/// <summary>
/// <c>dotnet SampleClient.dll device</c>: signs a person in from a console (RFC 8628), who does it with a browser
/// elsewhere, and asks the API who that is. OpenIddict polls: as often as the issuer says, slower on slow_down, and until the code expires.
/// </summary>
internal static class DeviceCommand
{
    public const string Name = "device";

    private const string Expired = "Nobody has said yes in time. Start again for a new code.";

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
            return await TellWhoAsync(provider, await SignInAsync(provider));
        }
        catch (ProtocolException exception)
        {
            var (code, message) = Explain(exception);
            return await EndAsync(code, message);
        }
        catch (OperationCanceledException)
        {
            return await EndAsync(NotSignedIn, Expired);
        }
        catch (Exception exception) when (StartFailure.Explain(exception) is { } explanation)
        {
            return await EndAsync(Misconfigured, explanation);
        }
        catch (InvalidOperationException exception)
        {
            return await EndAsync(Misconfigured, $"The login server does not offer this: {exception.Message}");
        }
    }

    /// <returns>The access token.</returns>
    private static async Task<string> SignInAsync(ServiceProvider provider)
    {
        var issuer = provider.GetRequiredService<OpenIddictClientService>();
        var begun = await issuer.ChallengeUsingDeviceAsync(new DeviceChallengeRequest());
        Console.WriteLine($"To sign in, open   {begun.VerificationUri}");
        Console.WriteLine($"and enter the code {begun.UserCode}");
        if (begun.VerificationUriComplete is { } complete)
        {
            Console.WriteLine($"or open            {complete}");
        }

        Console.WriteLine($"The code is good for {begun.ExpiresIn.TotalMinutes:0.#} minutes. Waiting ...");
        return await WaitAsync(issuer, begun, provider.GetRequiredService<TimeProvider>());
    }

    /// <summary>Polls until the person has said yes.</summary>
    private static async Task<string> WaitAsync(OpenIddictClientService issuer, DeviceChallengeResult begun, TimeProvider time)
    {
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
                // RFC 8628 3.5: an issuer that is away is asked half as often, and the code is still good.
                interval *= 2;
                await Task.Delay(interval, time);
            }
        }
    }

    private static async Task<int> TellWhoAsync(ServiceProvider provider, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        try
        {
            using var answer = await provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name).SendAsync(request);
            if (!answer.IsSuccessStatusCode)
            {
                return await EndAsync(NotSignedIn, $"The API does not accept the access token: {(int)answer.StatusCode} {answer.Headers.WwwAuthenticate}");
            }

            var me = await answer.Content.ReadFromJsonAsync<Caller>();
            Console.WriteLine($"Signed in as {me?.Name ?? me?.Subject}.");
            return SignedIn;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return await EndAsync(NotSignedIn, $"The API does not answer: {exception.Message}");
        }
    }

    private static bool IsAway(ProtocolException exception) => exception.Error is Errors.ServerError or Errors.TemporarilyUnavailable;

    private static (int Code, string Message) Explain(ProtocolException exception) => exception.Error switch
    {
        Errors.AccessDenied => (NotSignedIn, "The person said no."),
        Errors.ExpiredToken => (NotSignedIn, Expired),
        _ when IsAway(exception) => (NotSignedIn, "The login server does not answer as it should. Try again in a moment."),
        Errors.InvalidClient or Errors.UnauthorizedClient or Errors.InvalidScope or Errors.UnsupportedGrantType or Errors.InvalidRequest
            => (Misconfigured, $"The login server does not accept Device:ClientId or Device:Scopes: {exception.Error}, {exception.ErrorDescription}"),
        _ => (NotSignedIn, $"The login server refused: {exception.Error}, {exception.ErrorDescription}"),
    };

    private static async Task<int> EndAsync(int code, string message)
    {
        await Console.Error.WriteLineAsync(message);
        return code;
    }

    /// <summary>GET /api/me, of which this is shown.</summary>
    private sealed record Caller(string Subject, string? Name);
}
