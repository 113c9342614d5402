using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

/// <summary>
/// How much one client address or account may ask for. Requests are bounded by <see cref="RequestThrottle"/>, what is kept of them by
/// <see cref="KeptRequests"/>, failed sign-ins (pages, codes, passkeys, the password grant) by <see cref="SignInThrottle"/>, and wrong client secrets by
/// <see cref="SecretThrottle"/>. Answers 429 with Retry-After and
/// <c>temporarily_unavailable</c>: RFC 6749 5.2 has no code for it, so it takes the nearest of 4.1.2.1.
/// </summary>
internal static class ThrottlingFeature
{
    public static void AddThrottling(this IServiceCollection services)
    {
        services.AddSettings<ThrottlingOptions>(ThrottlingOptions.Section);
        services.AddSingleton<IValidateOptions<ThrottlingOptions>, ThrottlingOptionsValidator>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<KeptRequests>();
    }

    public static void UseThrottling(this WebApplication app) => app.UseMiddleware<RequestThrottle>();
}
