using Microsoft.Extensions.Options;
using SampleClient.Issuer;

namespace SampleClient.Account;

/// <summary>
/// Sign-in and sign-out. Sign-in: /account/start → /account/signin → the issuer → /account/callback. Sign-out: /account/signout →
/// the issuer → /account/signedout. The issuer posts to /account/backchannel-logout when a sign-in has ended. /account/password is
/// the password grant. The issuer decides whether a password is right, but it sees one address for all users of this form. So this
/// app limits how often each address may try (<see cref="SignInAttempts"/>).
/// </summary>
internal static class AccountFeature
{
    public static void AddAccount(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ThrottlingOptions>, ThrottlingOptionsValidator>();
        services.AddOptions<ThrottlingOptions>().BindConfiguration(ThrottlingOptions.Section).ValidateOnStart();
        services.AddSingleton<IssuerRedirection>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<LogoutTokenValidator>();
    }

    public static void MapAccount(this IEndpointRouteBuilder routes) => routes.MapBackChannelLogout();
}
