using SampleClient.Answers;

namespace SampleClient.Chapters.Password;

/// <summary>The messages of the form for the password grant.</summary>
internal static class PasswordNotice
{
    // The issuer does not reveal whether the account is missing or locked or the password is wrong; neither does this page.
    public static readonly Notice WrongPassword =
        new(NoticeKind.Problem, "That did not match", "The user name or the password is wrong. Type the password again.");

    public static readonly Notice NothingTyped =
        new(NoticeKind.Problem, "Something is missing", "Type your user name and your password.");

    public static Notice TooManySignIns(TimeSpan wait) =>
        new(
            NoticeKind.Problem,
            "One moment, please",
            $"There have been too many sign-ins from your address. Try again {Notice.When(wait)}.");
}
