using SampleClient.Issuer;
using SampleClient.Shared;

namespace SampleClient.Account;

/// <summary>Why a sign-in came to nothing, and where a new one leads to.</summary>
/// <param name="IsSignedIn">As before: it was a step-up, or another tab was faster.</param>
internal sealed record SignInProblem(Notice Notice, int Status, string Target, bool IsSignedIn)
{
    public static SignInProblem Of(IssuerAnswer answer, Uri issuer, string target, bool isSignedIn)
    {
        var (notice, status) = answer.Fault switch
        {
            IssuerFault.Denied => (isSignedIn ? Notice.StepUpDenied : Notice.SignInDenied, StatusCodes.Status403Forbidden),
            IssuerFault.TooWeak => (Notice.TooWeak(issuer), StatusCodes.Status403Forbidden),
            IssuerFault.Refused => (Notice.SignInWanted, StatusCodes.Status403Forbidden),
            IssuerFault.Unfinished => (Notice.SignInUnfinished, StatusCodes.Status400BadRequest),
            _ => (Notice.For(answer, issuer), StatusCodes.Status503ServiceUnavailable),
        };
        return new SignInProblem(notice, status, target, isSignedIn);
    }
}
