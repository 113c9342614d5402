using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Validation;
using OpenIddict.Validation.AspNetCore;
using Polly;

namespace ResourceApi.Bearer;

/// <summary>
/// Trust in the issuer: the API validates tokens with the keys from the issuer's discovery document, without a secret and without a
/// call per request. Owns the validation of access tokens (RFC 9068), the challenge (RFC 6750), the requirements of endpoints
/// (<see cref="RequiredScope"/>, <see cref="RequiredSignIn"/>) and the <see cref="Caller"/>. Route:
/// /.well-known/oauth-protected-resource (RFC 9728), followed by the path of the resource identifier, if it has one. OpenIddict
/// checks signature, issuer and audience. A token that the issuer has revoked is accepted here until it expires.
/// </summary>
internal static class BearerFeature
{
    public static void AddBearer(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<IssuerOptions>, IssuerOptionsValidator>();
        services.AddOptions<IssuerOptions>().BindConfiguration(IssuerOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateOnStart();

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

            // IssuerKeys retries by itself. Retries here would make its callers wait for 15 seconds.
            validation.UseSystemNetHttp()
                .ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(5))
                .SetHttpResiliencePipeline(ResiliencePipeline<HttpResponseMessage>.Empty);

            validation.AddEventHandler(TokenInHeaderOnly.Descriptor);
            validation.AddEventHandler(KeysForToken.Descriptor);
            validation.AddEventHandler(AccessTokenRules.Descriptor);
            validation.AddEventHandler(AudienceSpelling.Descriptor);
            validation.AddEventHandler(BearerChallenge.Descriptor);
        });

        // AddAuthentication registers this service, which would leave a key file behind. Nothing here is protected with data
        // protection.
        services.Remove(services.Single(service => service.ImplementationType?.Name is "DataProtectionHostedService"));
        services.AddOptions<OpenIddictValidationOptions>()
            .Configure<IOptions<IssuerOptions>, IOptions<ApiOptions>, IssuerKeys>((validation, issuer, api, keys) =>
            {
                validation.Issuer = issuer.Value.AuthorityUri;
                validation.Audiences.Add(api.Value.Resource!);
                validation.ConfigurationManager = keys;
                Tighten(validation.TokenValidationParameters);
            });
    }

    public static void UseBearer(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void Tighten(TokenValidationParameters parameters)
    {
        // RFC 8725 3.1 and 3.2. No symmetric algorithm is allowed: otherwise a public key could serve as an HMAC secret.
        parameters.ValidAlgorithms =
        [
            SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
            SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
            SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        ];

        // RFC 7515 4.1.4: the token names its key (kid), and no other key is tried.
        parameters.TryAllIssuerSigningKeys = false;

        // RFC 9068 4: the header typ decides. OpenIddict's own validator would give precedence to a token_usage claim.
        parameters.TypeValidator = null;
        parameters.ClockSkew = TimeSpan.FromSeconds(30);
    }
}
