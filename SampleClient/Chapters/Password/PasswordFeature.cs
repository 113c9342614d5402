using Microsoft.Extensions.Options;

namespace SampleClient.Chapters.Password;

/// <summary>
/// /account/password: a form for the password grant. The issuer decides whether a password is right, but it sees one address for all
/// users of this form. So this app limits how often each address may try (<see cref="SignInAttempts"/>).
/// </summary>
internal static class PasswordFeature
{
    public static void AddPassword(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ThrottlingOptions>, ThrottlingOptionsValidator>();
        services.AddOptions<ThrottlingOptions>().BindConfiguration(ThrottlingOptions.Section).ValidateOnStart();
        services.AddOpenIddict().AddClient(client => client.AllowPasswordFlow());
        services.AddSingleton<PasswordGrant>();
        services.AddSingleton<SignInAttempts>();
    }
}
