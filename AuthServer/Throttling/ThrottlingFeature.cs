using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

/// <summary>
/// Owns how much one client address, client or account may ask for. <see cref="RequestThrottle"/> limits requests,
/// <see cref="KeptRequests"/> what the database keeps of them, <see cref="SignInThrottle"/> failed sign-ins (pages, codes, passkeys, the
/// password grant), and <see cref="SecretThrottle"/> wrong client secrets. The answer is 429 with Retry-After and
/// <c>temporarily_unavailable</c>: RFC 6749 5.2 has no code for it, so the nearest one of 4.1.2.1 is used. Limits for one feature
/// only, such as mails or user codes, are in its folder. Serves no route.
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
