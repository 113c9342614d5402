using SampleClient.Issuer;
using SampleClient.Shared;

namespace SampleClient.Account;

/// <summary>Why a sign-in came to nothing, and where a new one leads to.</summary>
internal sealed record SignInProblem(Notice Notice, int Status, string Target)
{
    public static SignInProblem Of(IssuerAnswer answer, Uri issuer, string target) => answer.Fault switch
    {
        IssuerFault.Denied => new(Notice.SignInDenied, StatusCodes.Status403Forbidden, target),
        IssuerFault.Refused => new(Notice.SignInWanted, StatusCodes.Status403Forbidden, target),
        IssuerFault.Unfinished => new(Notice.SignInUnfinished, StatusCodes.Status400BadRequest, target),
        _ => new(Notice.For(answer, issuer), StatusCodes.Status503ServiceUnavailable, target),
    };
}
