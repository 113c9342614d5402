using Microsoft.Extensions.Options;

namespace SampleClient.Api;

/// <summary>The API as this app uses it: GET /api/me, and the notes.</summary>
internal static class ApiFeature
{
    private const long LargestAnswer = 4 * 1024 * 1024;

    public static void AddApi(this IServiceCollection services)
    {
        services.AddApiOptions();
        services.AddHttpClient<ApiClient>().UseApi();
    }

    public static void AddApiOptions(this IServiceCollection services)
        => services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateOnStart()
            .Validate(api => api.BaseAddressIsAbsolute, "Api:BaseAddress must be the API's absolute http(s) URL.")
            .Validate(api => api.BaseAddressIsPrivate, "Api:BaseAddress must be https, except on a loopback address or inside a container network.");

    /// <summary>Its address, and what an answer may be.</summary>
    public static void UseApi(this IHttpClientBuilder client)
        => client.ConfigureHttpClient((provider, http) =>
        {
            http.BaseAddress = provider.GetRequiredService<IOptions<ApiOptions>>().Value.BaseUri;
            http.Timeout = TimeSpan.FromSeconds(10);
            http.MaxResponseContentBufferSize = LargestAnswer;
        })
            // A redirect is an answer to be shown, and no reason to carry a token elsewhere.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
}
