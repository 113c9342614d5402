using Microsoft.Extensions.Options;

namespace SampleClient.Api;

/// <summary>
/// The client of the API: its address, its limits, and calls with the access token of a session. The pages decide what to call.
/// </summary>
internal static class ApiFeature
{
    private const long LargestAnswer = 4 * 1024 * 1024;

    public static void AddApi(this IServiceCollection services)
    {
        services.AddApiOptions();
        services.AddHttpClient<ApiClient>().UseApi();
    }

    public static void AddApiOptions(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateOnStart();
    }

    /// <summary>Sets the API's address, the timeout and the largest accepted response.</summary>
    public static void UseApi(this IHttpClientBuilder client) =>
        client.ConfigureHttpClient((provider, http) =>
        {
            http.BaseAddress = provider.GetRequiredService<IOptions<ApiOptions>>().Value.BaseUri;
            http.Timeout = TimeSpan.FromSeconds(10);
            http.MaxResponseContentBufferSize = LargestAnswer;
        })
            // A redirect is a response to show, not a reason to send the token elsewhere.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
}
