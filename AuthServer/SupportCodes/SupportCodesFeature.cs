using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.SupportCodes;

/// <summary>
/// Owns the support code of a sign-in, and the steps under it: what the server decided and why, for a person who phones. Other folders add
/// steps to <see cref="RequestSteps"/>; <see cref="StepRecorder"/> writes them a moment later. <c>AuthServer trace</c> reads them by
/// <see cref="SupportQueries"/>. Serves no route.
/// Bounds: steps of an address a minute and those that wait (<see cref="StepQueue"/>), steps of a code and all steps
/// (<see cref="StepWriter"/>), their age (Pruning/).
/// </summary>
internal static class SupportCodesFeature
{
    public static void AddSupportCodes(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SupportOptions>, SupportOptionsValidator>();
        services.AddSettings<SupportOptions>(SupportOptions.Section);
        services.AddSingleton<KeptRequestCodes>();
        services.AddSingleton<StepQueue>();
        services.AddScoped<SupportQueries>();
    }

    public static void AddSupportCodesServer(this IServiceCollection services)
    {
        services.AddSingleton<StepWriter>();
        services.AddHostedService<StepRecorder>();
    }
}
