using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Client;
using Polly;
using SampleClient.App;

namespace SampleClient.Issuer;

/// <summary>
/// How this app talks to the issuer: OpenIddict's client finds the endpoints and keys by discovery and validates what
/// comes back. No redirections are involved, so it needs neither keys of its own nor a store for states.
/// The issuer may be started later than this app: discovery happens when the first person signs in.
/// </summary>
internal static class IssuerFeature
{
    public static void AddIssuer(this IServiceCollection services)
    {
        services.AddOptions<IssuerOptions>().BindConfiguration("Issuer").ValidateOnStart()
            .Validate(issuer => issuer.AuthorityIsIdentifier, "Issuer:Authority must be the issuer's absolute http(s) URL, without query and fragment.")
            .Validate(issuer => issuer.AuthorityIsPrivate, "Issuer:Authority must be https, except on a loopback address.")
            .Validate(issuer => issuer.BackChannelAddressIsOrigin, "Issuer:BackChannelAddress must be an origin such as http://authserver:8080, or absent.");

        services.AddOpenIddict().AddClient(client =>
        {
            client.AllowPasswordFlow().AllowRefreshTokenFlow();
            client.DisableTokenStorage();
            client.AddEventHandler(BusyAnswer.Descriptor);

            // Somebody is waiting for the page: better to say after ten seconds that the issuer is away than to try
            // for a minute. And a wrong password must not count several times towards a lockout.
            client.UseSystemNetHttp()
                .SetProductInformation(typeof(IssuerFeature).Assembly)
                .ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(10))
                .SetHttpResiliencePipeline(ResiliencePipeline<HttpResponseMessage>.Empty);
        });
        services.AddOptions<OpenIddictClientOptions>()
            .Configure<IOptions<AppOptions>, IOptions<IssuerOptions>>((client, app, issuer) =>
                client.Registrations.Add(new OpenIddictClientRegistration
                {
                    Issuer = issuer.Value.AuthorityUri,
                    ClientId = app.Value.ClientId,
                    ClientSecret = app.Value.ClientSecret,
                }))
            .PostConfigure(KeepKeysFresh);

        // On every client, since OpenIddict names its own as it likes; it only touches what goes to the issuer. The
        // stock loggers write whole headers, Authorization among them, when somebody turns them up.
        services.AddTransient<BackChannelHandler>();
        services.ConfigureHttpClientDefaults(client => client.RemoveAllLoggers().AddHttpMessageHandler<BackChannelHandler>());
        services.AddSingleton<IssuerClient>();
    }

    // Stock, keys are looked up every 12 hours, and after a signature by an unknown key not for 5 minutes: a rotation
    // at the issuer would show as failed sign-ins.
    private static void KeepKeysFresh(OpenIddictClientOptions client)
    {
        foreach (var manager in client.Registrations.Select(registration => registration.ConfigurationManager)
            .OfType<ConfigurationManager<OpenIddictConfiguration>>())
        {
            manager.AutomaticRefreshInterval = BaseConfigurationManager.MinimumAutomaticRefreshInterval;
            manager.RefreshInterval = BaseConfigurationManager.MinimumRefreshInterval;
        }
    }
}
