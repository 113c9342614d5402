namespace AuthServer.Sessions;

/// <summary>
/// Marks a page whose form may be sent a second time with the cookie from before the first (<see cref="BrowserSession.IsEarlier"/>).
/// The page must ensure that such a request repeats what was done, and does nothing else.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RepeatsStepAttribute : Attribute
{
    public static bool IsOn(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint()?.Metadata.GetMetadata<RepeatsStepAttribute>() is not null;
}
