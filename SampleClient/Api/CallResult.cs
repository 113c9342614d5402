using SampleClient.Answers;

namespace SampleClient.Api;

/// <summary>The outcome of a call: the API's response, whatever its status, or the reason why there is none.</summary>
/// <param name="Answer">Null if there is no response.</param>
/// <param name="Problem">Set if the API or the issuer cannot be reached, or the issuer refuses this app.</param>
/// <param name="MustSignInAgain">True if the issuer has ended the session.</param>
internal sealed record CallResult(ApiAnswer? Answer, Notice? Problem = null, bool MustSignInAgain = false);
