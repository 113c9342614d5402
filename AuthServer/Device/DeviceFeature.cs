using AuthServer.Connect;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;
namespace AuthServer.Device;

/// <summary>
/// Owns the page where a person signs in a device that has no browser (RFC 8628): <c>/device</c>, and the pace at which devices may poll.
/// OpenIddict serves <c>/connect/device</c>, where a device gets its codes. The token endpoint (Connect/) redeems a device code like an
/// authorization code.
/// </summary>
internal static class DeviceFeature
{
    public static void AddDevice(this IServiceCollection services)
    {
        services.AddSingleton<DeviceThrottle>();
        services.AddSingleton<DevicePolls>();
        services.AddSingleton<AnsweredCodes>();

        // After AddRazorPages, which makes the conventions.
        services.PostConfigure<RazorPagesOptions>(pages => pages.Conventions.AuthorizePage("/Device/Index", BrowserCookie.Scheme));
    }

    /// <summary>Adds the services that only a server needs. A command of the command line runs without them.</summary>
    public static void AddDeviceServer(this IServiceCollection services) =>
        services.AddOpenIddict().AddServer(server =>
        {
            server.On<ValidateEndUserVerificationRequestContext>()
                .Before<ReadUserCode>(OpenIddictServerHandlers.Device.ValidateVerificationAuthentication.Descriptor);

            server.On<ValidateTokenContext>()
                .Before<IgnoreRepeatedUserCode>(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor); // user codes only

            server.On<ProcessSignInContext>()
                .After<RecordDeviceSource>(OpenIddictServerHandlers.PrepareUserCodePrincipal.Descriptor); // user codes only

            server.On<ApplyDeviceAuthorizationResponseContext>()
                .Before<LimitDevicePolls>(
                    OpenIddictServerAspNetCoreHandlers.AttachHttpResponseCode<ApplyDeviceAuthorizationResponseContext>.Descriptor);

            server.On<ApplyTokenResponseContext>()
                .Before<LimitDevicePolls>(OpenIddictServerHandlers.Exchange.NormalizeErrorResponse.Descriptor); // device codes only
        });
}
