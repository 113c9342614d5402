namespace AuthServer.SupportCodes;

/// <summary>The names of steps. docs/support.md documents them.</summary>
internal static class SupportSteps
{
    public const string AccountAsked = "account.asked";
    public const string SignInAsked = "sign_in.asked";
    public const string FactorAsked = "factor.asked";
    public const string ChoiceAsked = "choice.asked";
    public const string ConsentAsked = "consent.asked";
    public const string ConsentGiven = "consent.given";
    public const string ConsentDenied = "consent.denied";
    public const string SignInPassed = "sign_in.passed";
    public const string SignInRefused = "sign_in.refused";
    public const string FormRefused = "form.refused";
    public const string FormExpired = "form.expired";
    public const string MailWritten = "mail.written";
    public const string MailOmitted = "mail.omitted";
    public const string RequestRefused = "request.refused";
    public const string CodeIssued = "code.issued";
    public const string TokensIssued = "tokens.issued";
    public const string TokensRefused = "tokens.refused";
    public const string ErrorShown = "error.shown";

    /// <summary>Each step in plain words.</summary>
    public static readonly IReadOnlyDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [AccountAsked] = "The registration page was shown",
        [SignInAsked] = "The login page was shown",
        [FactorAsked] = "A second factor was asked for",
        [ChoiceAsked] = "The person was asked which account to use",
        [ConsentAsked] = "The person was asked for consent",
        [ConsentGiven] = "The person consented",
        [ConsentDenied] = "The person did not consent",
        [SignInPassed] = "The person has shown",
        [SignInRefused] = "The attempt was refused",
        [FormRefused] = "The form was shown again",
        [FormExpired] = "The form came without its cookie or too late, and was shown again",
        [MailWritten] = "A mail was written",
        [MailOmitted] = "No mail was written",
        [RequestRefused] = "The app's request was refused, and the app was told",
        [CodeIssued] = "The app got a code",
        [TokensIssued] = "The app redeemed the code and got tokens",
        [TokensRefused] = "The app got no tokens for the code",
        [ErrorShown] = "An error page was shown",
    };
}

/// <summary>
/// The reasons of steps that no other part of the program has: see also <c>RefusalCodes</c> and the error codes of the protocol.
/// </summary>
internal static class SupportReasons
{
    public const string NobodySignedIn = "nobody_signed_in";
    public const string Prompt = "prompt";
    public const string TooOld = "too_old";
    public const string OtherPerson = "other_person";
    public const string TooWeak = "too_weak";
    public const string FirstOfTwo = "first_of_two";
    public const string NotGiven = "not_given";
    public const string UnknownAccount = "unknown_account";
    public const string Disabled = "disabled";
    public const string Throttled = "throttled";
    public const string NoAddress = "no_address";
    public const string NoMail = "no_mail";
    public const string RequestOver = "request_over";
    public const string NotFound = "not_found";
    public const string BadRequest = "bad_request";
    public const string Acting = "acting";
    public const string Busy = "busy";
    public const string Failed = "failed";

    /// <summary>Each reason in plain words.</summary>
    public static readonly IReadOnlyDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [NobodySignedIn] = "nobody was signed in in this browser",
        [Prompt] = "the app's request demands it (prompt)",
        [TooOld] = "the sign-in was older than the app's request allows (max_age)",
        [OtherPerson] = "the app's request is for another person than the one who is signed in",
        [TooWeak] = "the app's request demands a stronger sign-in (acr)",
        [FirstOfTwo] = "the first factor was right, and the account has two-step sign-in",
        [NotGiven] = "the person had not consented to all that the app wants",
        [UnknownAccount] = "there is no such account",
        [Disabled] = "an operator has disabled the account",
        [Throttled] = "there were too many attempts, or too many mails to this address",
        [NoAddress] = "the account has no mail address",
        [NoMail] = "mail is off, or no mail can be sent to this address",
        [RequestOver] = "the app's request had been answered or had expired",
        [NotFound] = "there is no such page",
        [BadRequest] = "the browser sent a request that no page of this server sends",
        [Acting] = "an administrator acted as the person, and the page is for the person alone",
        [Busy] = "the server was busy, or could not reach its database",
        [Failed] = "the server failed: its log has the exception, under this trace id",
    };
}
