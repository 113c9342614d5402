using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;
using Polly;
using SampleClient.App;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SampleClient.Issuer;

/// <summary>
/// How this app talks to the issuer: OpenIddict's client finds the endpoints and keys by discovery and validates what
/// comes back. By way of the browser (<c>Account/IssuerRedirection</c>) for signing in and out, and directly (<see cref="IssuerClient"/>).
/// What it must remember of a sign-in under way is in the state, so that it needs no store for it.
/// The issuer may be started later than this app: discovery happens when the first person signs in.
/// Routes that OpenIddict sees before the pages of Account/ do: /account/callback, /account/signedout.
/// </summary>
internal static class IssuerFeature
{
    private static readonly Uri Callback = new("account/callback", UriKind.Relative);
    private static readonly Uri SignedOut = new("account/signedout", UriKind.Relative);

    public static void AddIssuer(this IServiceCollection services)
    {
        services.AddIssuerOptions();
        services.AddOpenIddict().AddClient(client =>
        {
            client.AllowAuthorizationCodeFlow().AllowPasswordFlow().AllowRefreshTokenFlow();
            client.SetRedirectionEndpointUris(Callback).SetPostLogoutRedirectionEndpointUris(SignedOut);
            client.DisableTokenStorage();
            client.AddEventHandler(KeepError.Descriptor);
            client.AddEventHandler(KeysForIdentityToken.Descriptor);

            // With it, the ID token that goes to a sign-out would travel in the state too and come back.
            client.RemoveEventHandler(OpenIddictClientHandlers.AttachSignOutHostProperties.Descriptor);

            client.UseIssuerHttp();

            // Whether plain http will do is for SecureCookies to say, for all pages alike.
            client.UseAspNetCore()
                .DisableTransportSecurityRequirement()
                .EnableRedirectionEndpointPassthrough()
                .EnablePostLogoutRedirectionEndpointPassthrough()
                .EnableErrorPassthrough();
        });
        services.AddSingleton<IConfigureOptions<OpenIddictClientOptions>, StateKeys>();
        services.AddOptions<OpenIddictClientAspNetCoreOptions>().Configure<IOptions<AppOptions>>((client, app) =>
        {
            // One a sign-in under way: its name is in the state, and no other browser has it.
            client.CookieBuilder.Name = $"{app.Value.Name}.SignIn";
            client.CookieBuilder.Path = BegunSignIns.Path;
            client.CookieBuilder.SameSite = SameSiteMode.Lax;
            client.CookieBuilder.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddOptions<OpenIddictClientOptions>()
            .Configure<IOptions<AppOptions>, IOptions<IssuerOptions>>((client, app, issuer) =>
            {
                client.Registrations.Add(Registration(app.Value, issuer.Value));
                client.StateTokenLifetime = issuer.Value.SignInTimeLimit;
            })
            .PostConfigure(KeepKeysFresh);

        services.AddSingleton<IssuerClient>();
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<BegunSignIns>();
    }

    public static void AddIssuerOptions(this IServiceCollection services)
        => services.AddOptions<IssuerOptions>().BindConfiguration(IssuerOptions.Section).ValidateOnStart()
            .Validate(issuer => issuer.AuthorityIsIdentifier, "Issuer:Authority must be the issuer's absolute http(s) URL, without query and fragment.")
            .Validate(issuer => issuer.AuthorityIsPrivate, "Issuer:Authority must be https, except on a loopback address.")
            .Validate(issuer => issuer.BackChannelAddressIsOrigin, "Issuer:BackChannelAddress must be an origin such as http://authserver:8080, or absent.")
            .Validate(issuer => issuer.SignInTimeLimitIsUsable, "Issuer:SignInTimeLimit must be between 1 second and 1 day.");

    /// <summary>How OpenIddict's client calls the issuer directly.</summary>
    public static void UseIssuerHttp(this OpenIddictClientBuilder client)
    {
        client.AddEventHandler(BusyAnswer.Descriptor);

        // Somebody is waiting for the page: better to say after ten seconds that the issuer is away than to try
        // for a minute. And a wrong password must not count several times towards a lockout.
        client.UseSystemNetHttp()
            .SetProductInformation(typeof(IssuerFeature).Assembly)
            .ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(10))
            .SetHttpResiliencePipeline(ResiliencePipeline<HttpResponseMessage>.Empty);

        // On every client, since OpenIddict names its own as it likes; it only touches what goes to the issuer. The
        // stock loggers write whole headers, Authorization among them, when somebody turns them up.
        client.Services.AddTransient<BackChannelHandler>();
        client.Services.ConfigureHttpClientDefaults(http => http.RemoveAllLoggers().AddHttpMessageHandler<BackChannelHandler>());
    }

    private static OpenIddictClientRegistration Registration(AppOptions app, IssuerOptions issuer)
    {
        var registration = new OpenIddictClientRegistration
        {
            Issuer = issuer.AuthorityUri,
            ClientId = app.ClientId,
            ClientSecret = app.ClientSecret,
            RedirectUri = Callback,
            PostLogoutRedirectUri = SignedOut,

            // A form that another site posts here would come without cookies that are SameSite=Lax.
            ResponseModes = { ResponseModes.Query },
        };
        registration.Scopes.UnionWith(app.ScopeList);
        return registration;
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
