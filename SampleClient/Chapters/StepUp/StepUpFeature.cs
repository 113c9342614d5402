using SampleClient.Account;

namespace SampleClient.Chapters.StepUp;

/// <summary>
/// RFC 9470: an API wants a sign-in that is more recent or stronger. A page that gets such a challenge redirects to /account/stepup,
/// which sends the browser to the issuer. The browser comes back to the page, and the user confirms the action again.
/// </summary>
internal static class StepUpFeature
{
    public static void AddStepUp(this IServiceCollection services) => services.AddSingleton<ISignInFollowUp, AfterStepUp>();
}
