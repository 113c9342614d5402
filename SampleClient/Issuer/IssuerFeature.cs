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
/// The connection to the issuer. OpenIddict's client finds the endpoints and keys by discovery and validates the responses. This
/// app talks to the issuer through the browser (<c>Account/IssuerRedirection</c>) to sign users in and out, and directly
/// (<see cref="IssuerClient"/>). The state parameter holds everything about a sign-in under way, so it needs no store. The issuer
/// may start later than this app: discovery happens when the first user signs in. Routes that OpenIddict handles before the pages
/// of Account/: /account/callback, /account/signedout.
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
            client.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow();
            client.SetRedirectionEndpointUris(Callback).SetPostLogoutRedirectionEndpointUris(SignedOut);
            client.DisableTokenStorage();
            client.AddEventHandler(KeepError.Descriptor);
            client.AddEventHandler(KeysForIdentityToken.Descriptor);

            // This handler would put the ID token hint of a sign-out into the state, too, and the browser would bring it back.
            client.RemoveEventHandler(OpenIddictClientHandlers.AttachSignOutHostProperties.Descriptor);

            client.UseIssuerHttp();

            // SecureCookies decides whether plain http is allowed, for all pages.
            client.UseAspNetCore()
                .DisableTransportSecurityRequirement()
                .EnableRedirectionEndpointPassthrough()
                .EnablePostLogoutRedirectionEndpointPassthrough()
                .EnableErrorPassthrough();
        });
        services.AddSingleton<IConfigureOptions<OpenIddictClientOptions>, StateKeys>();
        services.AddOptions<OpenIddictClientAspNetCoreOptions>().Configure<IOptions<AppOptions>>((client, app) =>
        {
            // OpenIddict adds a suffix for each sign-in under way. The state contains it, so another browser cannot finish the
            // sign-in.
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
    {
        services.AddSingleton<IValidateOptions<IssuerOptions>, IssuerOptionsValidator>();
        services.AddOptions<IssuerOptions>().BindConfiguration(IssuerOptions.Section).ValidateOnStart();
    }

    /// <summary>Sets how OpenIddict's client calls the issuer directly.</summary>
    public static void UseIssuerHttp(this OpenIddictClientBuilder client)
    {
        client.AddEventHandler(BusyAnswer.Descriptor);

        // A user is waiting for the page. It is better to report after ten seconds that the issuer is away than to retry for a
        // minute. And a wrong password must not count several times towards a lockout.
        client.UseSystemNetHttp()
            .SetProductInformation(typeof(IssuerFeature).Assembly)
            .ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(10))
            .SetHttpResiliencePipeline(ResiliencePipeline<HttpResponseMessage>.Empty);

        // For every HTTP client, because OpenIddict chooses the names of its clients; the handler changes only requests to the
        // issuer. The stock loggers can be configured to write whole headers, including Authorization.
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

            // form_post is not offered: a POST from another site would come without the SameSite=Lax cookies.
            ResponseModes = { ResponseModes.Query },
        };
        registration.Scopes.UnionWith(app.ScopeList);
        return registration;
    }

    // By default, keys are refreshed every 12 hours, and after an unknown key only if the last fetch is 5 minutes old. After a key
    // rotation at the issuer, sign-ins would fail.
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
