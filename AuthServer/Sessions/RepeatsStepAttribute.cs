namespace AuthServer.Sessions;

/// <summary>
/// On a page whose form may come a second time with the cookie of before the first (<see cref="BrowserSession.IsEarlier"/>). The page sees to it
/// that such a request repeats what was done, and does nothing else.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RepeatsStepAttribute : Attribute
{
    public static bool IsOn(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint()?.Metadata.GetMetadata<RepeatsStepAttribute>() is not null;
}
