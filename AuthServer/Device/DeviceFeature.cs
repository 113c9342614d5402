using AuthServer.Connect;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;
namespace AuthServer.Device;

/// <summary>
/// Owns the page where a person lets a device in that has no browser (RFC 8628): <c>/device</c>. The endpoint that devices
/// ask is <c>/connect/device</c> and OpenIddict's; they get their tokens as for an authorization code.
/// </summary>
internal static class DeviceFeature
{
    public static void AddDevice(this IServiceCollection services)
    {
        services.AddSingleton<DeviceThrottle>();
        services.AddSingleton<DevicePolls>();
        services.AddSingleton<AnsweredCodes>();
    }

    /// <summary>Adds the services that only a server needs. A command of the command line runs without them.</summary>
    public static void AddDeviceServer(this IServiceCollection services) =>
        services.AddOpenIddict().AddServer(server =>
        {
            server.On<ValidateEndUserVerificationRequestContext>()
                .Before<ReadUserCode>(OpenIddictServerHandlers.Device.ValidateVerificationAuthentication.Descriptor);

            server.On<ValidateTokenContext>()
                .Before<SpareDeviceCode>(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor);

            server.On<ProcessSignInContext>()
                .After<RecordDevice>(OpenIddictServerHandlers.PrepareUserCodePrincipal.Descriptor);

            server.On<ApplyDeviceAuthorizationResponseContext>()
                .Before<PaceDevice>(OpenIddictServerAspNetCoreHandlers.AttachHttpResponseCode<ApplyDeviceAuthorizationResponseContext>.Descriptor);

            server.On<ApplyTokenResponseContext>()
                .Before<PaceDevice>(OpenIddictServerHandlers.Exchange.NormalizeErrorResponse.Descriptor);
        });
}
