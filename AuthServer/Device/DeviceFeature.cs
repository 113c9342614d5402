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
        services.AddOpenIddict().AddServer(server => server
            .AddEventHandler(RecordDevice.Descriptor)
            .AddEventHandler(ReadUserCode.Descriptor)
            .AddEventHandler(SpareDeviceCode.Descriptor)
            .AddEventHandler(PaceDevice.OfBeginnings)
            .AddEventHandler(PaceDevice.OfPolls));
}
