using AuthServer.Clients;
using AuthServer.Connect.Authorize;
using AuthServer.Connect.Grants;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>
/// Owns the protocol: the endpoints, the grants, the content of tokens, and the redemption of codes and refresh tokens.
/// Routes: <c>/.well-known/openid-configuration</c>, <c>/.well-known/oauth-authorization-server</c>, <c>/.well-known/jwks</c>,
/// <c>/connect/authorize</c>, <c>/connect/par</c>, <c>/connect/endsession</c>, <c>/connect/device</c>, <c>/connect/token</c>,
/// <c>/connect/introspect</c>, <c>/connect/revoke</c>, <c>/connect/userinfo</c>.
/// Leaves to OpenIddict: parsing, client authentication, permissions, redirect URIs, PKCE, all token formats but the refresh token's,
/// discovery and introspection; <see cref="Pipeline"/> lists what we add to them.
/// Leaves to others: the sign-in of a browser and the end of a session to Sessions/, the pages to Account/ and Consent/, the page
/// <c>/device</c> and the pace of polling to Device/.
/// </summary>
internal static class ConnectFeature
{
    public static void AddConnect(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<ConnectOptions>, ConnectOptionsValidator>();
        services.AddSettings<ConnectOptions>(ConnectOptions.Section);
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, ServerOptions>(); // issuer and lifetimes
        services.AddSingleton<IConfigureOptions<OpenIddictServerAspNetCoreOptions>, ServerOptions>();

        services.AddScoped<TokenPrincipal>();
        services.AddSingleton<VerifiedTokenCache>();
        services.AddSingleton<AuthorizationQueries>();
        services.AddSingleton<RefreshTokenFormat>();
        services.AddScoped<AuthorizationWriter>();
        services.AddScoped<Redeemer>();
        services.AddScoped<RefreshTokenRotation>();
        services.AddScoped<PasswordGrant>();
        services.AddScoped<RefreshTokenGrant>();
        services.AddScoped<ClientCredentialsGrant>();
        services.AddScoped<CodeGrant>();
        services.AddScoped<CodeReuse>();
        services.AddScoped<AuthorizeEndpoint>();
        services.AddSingleton<RequestMarks>();

        services.AddSingleton<HandlerIndex>();
        services.AddScoped<IOpenIddictServerDispatcher, IndexedDispatcher>(); // as OpenIddict's own, but faster
        services.AddOpenIddict().AddCore(core =>
        {
            core.UseEntityFrameworkCore()
                .UseDbContext<AuthDbContext>()
                .ReplaceDefaultEntities<Client, Authorization, Scope, Token, Guid>();
            core.UseClientStores(); // clients and scopes come from a cache
        });
        services.AddAuthorization();
    }

    /// <summary>Adds the services that only a server needs. A command of the command line runs without them.</summary>
    public static void AddConnectServer(this IServiceCollection services) => services.AddOpenIddict().AddServer(AddServer);

    public static void UseConnect(this WebApplication app)
    {
        app.UseMiddleware<IssuerAddress>(); // gives every request the host of the issuer
        app.UseAuthentication();            // here OpenIddict begins: see Pipeline
        app.UseAuthorization();             // userinfo and pages only
    }

    public static void MapConnect(this WebApplication app)
    {
        string[] getAndPost = [HttpMethods.Get, HttpMethods.Post];
        app.MapMethods(Paths.Authorize, getAndPost, AuthorizeEndpoint.HandleAsync);
        app.MapMethods(Paths.EndSession, getAndPost, EndSessionEndpoint.HandleAsync);
        app.MapPost(Paths.Token, TokenEndpoint.HandleAsync);
        app.MapMethods(Paths.UserInfo, getAndPost, UserInfoEndpoint.HandleAsync)
            .RequireAuthorization(new AuthorizeAttribute
            {
                AuthenticationSchemes = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme,
            });
    }

    private static void AddServer(OpenIddictServerBuilder server)
    {
        server.SetAuthorizationEndpointUris("connect/authorize")
            .SetPushedAuthorizationEndpointUris("connect/par")
            .SetEndSessionEndpointUris("connect/endsession")
            .SetDeviceAuthorizationEndpointUris("connect/device")
            .SetEndUserVerificationEndpointUris("device")
            .SetTokenEndpointUris("connect/token")
            .SetIntrospectionEndpointUris("connect/introspect")
            .SetRevocationEndpointUris("connect/revoke")
            .SetUserInfoEndpointUris("connect/userinfo");
        server.AllowAuthorizationCodeFlow().AllowDeviceAuthorizationFlow()
            .AllowPasswordFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow();
        server.RegisterScopes(Scopes.OpenId, Scopes.Profile, Scopes.Email, Scopes.Roles, Scopes.OfflineAccess);
        server.RegisterClaims(
            [.. UserClaims.All, Claims.AuthenticationTime, Claims.AuthenticationContextReference, Claims.AuthenticationMethodReference]);

        // The request is kept in the database while the user signs in: pages lead back to it by its request_uri alone.
        server.EnableAuthorizationRequestCaching().EnableEndSessionRequestCaching();

        // RFC 9700 2.1.1: not "plain", because an attacker who sees the request then knows the code verifier.
        server.Configure(options =>
        {
            options.CodeChallengeMethods.Clear();
            options.CodeChallengeMethods.Add(CodeChallengeMethods.Sha256);
        });

        // RFC 9068: a resource server reads the access token itself. The scopes alone decide which resources a token may be for.
        server.DisableAccessTokenEncryption().DisableResourceValidation().IgnoreResourcePermissions();

        server.AddHandlers();

        server.UseAspNetCore().SetRealm("AuthServer").EnableStatusCodePagesIntegration()
            .EnableAuthorizationEndpointPassthrough().EnableEndSessionEndpointPassthrough().EnableEndUserVerificationEndpointPassthrough()
            .EnableTokenEndpointPassthrough().EnableUserInfoEndpointPassthrough();
    }
}
