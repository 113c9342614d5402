using SampleClient.Answers;

namespace SampleClient.Chapters.StepUp;

/// <summary>The messages after a step-up.</summary>
internal static class StepUpNotice
{
    public static readonly Notice SignedInAnew =
        new(NoticeKind.Done, "Your sign-in is fresh now", "Nothing has been done yet. If you still want it, press the button.");

    public static readonly Notice SignedInInVain =
        new(NoticeKind.Problem, "The API is still not content", "You have signed in anew, but for the API that was too long ago or not "
            + "strong enough. Nothing has been done. Press the button to sign in once more.");

    public static Notice SignedInAsAnother(string displayName, string? before) =>
        new(
            NoticeKind.Problem,
            $"You are {displayName} now",
            $"{before ?? "Somebody else"} was asked to sign in anew, and is signed out here. Nothing has been done.");
}
