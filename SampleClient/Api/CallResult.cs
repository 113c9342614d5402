using SampleClient.Answers;

namespace SampleClient.Api;

/// <summary>What came of a call: the API's answer, whatever it is, or why there is none.</summary>
/// <param name="Answer">Null when there is none.</param>
/// <param name="Problem">The API or the issuer is away.</param>
/// <param name="MustSignInAgain">The issuer has ended the session.</param>
internal sealed record CallResult(ApiAnswer? Answer, Notice? Problem = null, bool MustSignInAgain = false);
