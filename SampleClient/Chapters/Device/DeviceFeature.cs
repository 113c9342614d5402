using Microsoft.Extensions.Options;
using OpenIddict.Client;
using SampleClient.Api;
using SampleClient.Issuer;

namespace SampleClient.Chapters.Device;

/// <summary>
/// The services of the command <c>device</c>: OpenIddict's client for the issuer, and the API. It has no pages and writes no files.
/// </summary>
internal static class DeviceFeature
{
    public static void AddDevice(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DeviceOptions>, DeviceOptionsValidator>();
        services.AddOptions<DeviceOptions>().BindConfiguration(DeviceOptions.Section).ValidateOnStart();
        services.AddIssuerOptions();
        services.AddApiOptions();

        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddOpenIddict().AddClient(client =>
        {
            client.AllowDeviceAuthorizationFlow();
            client.DisableTokenStorage();
            client.UseIssuerHttp();
        });
        services.AddOptions<OpenIddictClientOptions>()
            .Configure<IOptions<DeviceOptions>, IOptions<IssuerOptions>>((client, device, issuer) =>
            {
                var registration =
                    new OpenIddictClientRegistration { Issuer = issuer.Value.AuthorityUri, ClientId = device.Value.ClientId };
                registration.Scopes.UnionWith(device.Value.ScopeList);
                client.Registrations.Add(registration);
            });
        services.AddHttpClient(DeviceCommand.Name).UseApi();
    }
}
