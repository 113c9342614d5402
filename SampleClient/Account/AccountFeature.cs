using SampleClient.Issuer;

namespace SampleClient.Account;

/// <summary>
/// Signing in and out. /account/start → /account/signin → the issuer → /account/callback; /account/signout → the issuer →
/// /account/signedout; /account/backchannel-logout is the issuer's own way to say that a sign-in is over. /account/password is
/// the password grant: whether a password is right is the issuer's business; it sees one address for all who sign in so,
/// and how often each of them may try is this app's (<see cref="SignInAttempts"/>).
/// </summary>
internal static class AccountFeature
{
    public static void AddAccount(this IServiceCollection services)
    {
        services.AddOptions<ThrottlingOptions>().BindConfiguration(ThrottlingOptions.Section).ValidateOnStart()
            .Validate(throttling => throttling.SignInsPerAddress is >= 1 and <= 1_000_000, "Throttling:SignInsPerAddress must be between 1 and 1000000.");
        services.AddSingleton<IssuerRedirection>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<LogoutTokenValidator>();
    }

    public static void MapAccount(this IEndpointRouteBuilder routes) => routes.MapBackChannelLogout();
}
