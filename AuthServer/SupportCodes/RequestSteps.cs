using System.Diagnostics;
using AuthServer.Protocol;

namespace AuthServer.SupportCodes;

/// <summary>
/// The support code of a request, and the way to add steps to it: an HTTP feature, so that a request which needs no code pays nothing.
/// The code is a new one unless <see cref="Follow"/> was called.
/// </summary>
internal sealed class RequestSteps
{
    private readonly HttpContext http;
    private readonly StepQueue queue;

    private RequestSteps(HttpContext http) =>
        (this.http, queue) = (http, http.RequestServices.GetRequiredService<StepQueue>());

    /// <summary>As <see cref="SupportCode"/> stores it.</summary>
    public string Code { get; private set; } = SupportCode.New();

    /// <summary>The app for which a page is shown. A step may name another one.</summary>
    public string? ClientId { get; set; }

    public static RequestSteps Of(HttpContext http)
    {
        if (http.Features.Get<RequestSteps>() is not { } steps)
        {
            http.Features.Set(steps = new RequestSteps(http));
        }

        return steps;
    }

    /// <returns>Null if the request has no code so far.</returns>
    public static RequestSteps? Find(HttpContext http) => http.Features.Get<RequestSteps>();

    /// <summary>The request goes on with a sign-in that has this code.</summary>
    public void Follow(string code) => Code = code;

    /// <param name="step">One of <see cref="SupportSteps"/>.</param>
    /// <param name="reason">A code of this program or of the protocol.</param>
    /// <param name="details">Words and numbers of this program, never text of a request.</param>
    /// <param name="client">If it is not <see cref="ClientId"/>. The id of an unknown app is not written.</param>
    public void Add(
        string step, string? reason = null, string? details = null, Guid? user = null, Guid? session = null, string? client = null) =>
        queue.Offer(
            new SupportStep
            {
                Id = Guid.CreateVersion7(),
                Code = Code,
                At = queue.Now(),
                Step = step,
                Reason = Cut(reason, SupportStep.LongestWord),
                Details = Cut(details, SupportStep.LongestDetails),
                TraceId = Activity.Current?.TraceId.ToString(),
                ClientId = Cut(client ?? ClientId, SupportStep.LongestClientId),
                UserId = user,
                SessionId = session,
            },
            http.RemoteAddress());

    private static string? Cut(string? text, int longest) => text is { Length: var length } && length > longest ? text[..longest] : text;
}
