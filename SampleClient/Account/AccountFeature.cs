using SampleClient.Issuer;

namespace SampleClient.Account;

/// <summary>
/// Sign-in and sign-out. Sign-in: /account/start → /account/signin → the issuer → /account/callback. Sign-out: /account/signout →
/// the issuer → /account/signedout. The issuer posts to /account/backchannel-logout when a sign-in has ended.
/// </summary>
internal static class AccountFeature
{
    public static void AddAccount(this IServiceCollection services)
    {
        services.AddSingleton<IssuerRedirection>();
        services.AddSingleton<LogoutTokenValidator>();
    }

    public static void MapAccount(this IEndpointRouteBuilder routes) => routes.MapBackChannelLogout();
}
