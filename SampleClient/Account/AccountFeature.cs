namespace SampleClient.Account;

/// <summary>
/// Signing in and out. Whether a password is right, and how often it may be wrong, is the issuer's business; it sees
/// one address for all who sign in here, so how often each of them may try is this app's (<see cref="SignInAttempts"/>).
/// Routes: /account/signin, /account/signout.
/// </summary>
internal static class AccountFeature
{
    public static void AddAccount(this IServiceCollection services)
    {
        services.AddOptions<ThrottlingOptions>().BindConfiguration("Throttling").ValidateOnStart()
            .Validate(throttling => throttling.SignInsPerAddress is >= 1 and <= 1_000_000, "Throttling:SignInsPerAddress must be between 1 and 1000000.");
        services.AddSingleton<SignInAttempts>();
    }
}
