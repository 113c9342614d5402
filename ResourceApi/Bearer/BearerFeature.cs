using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Validation;
using OpenIddict.Validation.AspNetCore;
using Polly;

namespace ResourceApi.Bearer;

/// <summary>
/// How this API trusts the issuer: by its discovery document and the keys named there, with no secret and no call
/// per request. Owns the validation of access tokens (RFC 9068), the challenge (RFC 6750), what an endpoint asks for
/// (<see cref="RequiredScope"/>) and who calls (<see cref="Caller"/>).
/// Routes: /.well-known/oauth-protected-resource (RFC 9728).
/// Signature, issuer and audience are OpenIddict's; a token revoked at the issuer passes here until it expires.
/// </summary>
internal static class BearerFeature
{
    public static IServiceCollection AddBearer(this IServiceCollection services)
    {
        services.AddOptions<IssuerOptions>().BindConfiguration(IssuerOptions.Section).ValidateOnStart()
            .Validate(issuer => issuer.AuthorityIsIdentifier, "Issuer:Authority must be the issuer's absolute http(s) URL, without query and fragment.")
            .Validate(issuer => issuer.AuthorityIsPrivate, "Issuer:Authority must be https, except on a loopback address.")
            .Validate(issuer => issuer.BackChannelAddressIsOrigin, "Issuer:BackChannelAddress must be an origin such as http://authserver:8080, or absent.");
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateOnStart()
            .Validate(api => api.ResourceIsIdentifier, "Api:Resource must be this API's identifier, an absolute http(s) URL without fragment.");

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IssuerKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<IssuerKeys>());
        services.AddTransient<BackChannelHandler>();
        services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler<BackChannelHandler>());

        services.AddAuthentication(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        services.AddAuthorization();
        services.AddOpenIddict().AddValidation(validation =>
        {
            validation.UseAspNetCore()
                .DisableAccessTokenExtractionFromQueryString()
                .DisableAccessTokenExtractionFromBodyForm();

            // IssuerKeys tries again by itself; retries in here would hold its callers for 15 seconds.
            validation.UseSystemNetHttp()
                .ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(5))
                .SetHttpResiliencePipeline(ResiliencePipeline<HttpResponseMessage>.Empty);

            validation.AddEventHandler(TokenInHeaderOnly.Descriptor);
            validation.AddEventHandler(KeysForToken.Descriptor);
            validation.AddEventHandler(AccessTokenRules.Descriptor);
            validation.AddEventHandler(AudienceSpelling.Descriptor);
            validation.AddEventHandler(BearerChallenge.Descriptor);
        });

        // Comes with authentication and would leave a key file behind; nothing here is protected with it.
        services.Remove(services.Single(service => service.ImplementationType?.Name is "DataProtectionHostedService"));
        services.AddOptions<OpenIddictValidationOptions>()
            .Configure<IOptions<IssuerOptions>, IOptions<ApiOptions>, IssuerKeys>((validation, issuer, api, keys) =>
            {
                validation.Issuer = issuer.Value.AuthorityUri;
                validation.Audiences.Add(api.Value.Resource!);
                validation.ConfigurationManager = keys;
                Tighten(validation.TokenValidationParameters);
            });
        return services;
    }

    public static void UseBearer(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void Tighten(TokenValidationParameters parameters)
    {
        // RFC 8725 3.1 and 3.2. Nothing symmetric: a public key must not become an HMAC secret.
        parameters.ValidAlgorithms =
        [
            SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
            SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
            SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512
        ];

        // RFC 7515 4.1.4: the token says which key it is, and no other is tried.
        parameters.TryAllIssuerSigningKeys = false;

        // OpenIddict's own validator believes a token_usage claim more than the header. RFC 9068 4: typ decides.
        parameters.TypeValidator = null;
        parameters.ClockSkew = TimeSpan.FromSeconds(30);
    }
}
