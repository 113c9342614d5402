using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.SupportCodes;

namespace AuthServer.Connect.Authorize;

/// <summary>
/// The steps that the authorize endpoint adds to the support code of a kept request. A silent request (<c>prompt=none</c>) shows no page, so
/// nobody has its code, and apps send many of them: it adds none.
/// </summary>
internal sealed class AuthorizeSteps
{
    private readonly RequestSteps? steps;
    private readonly string? wishes;
    private readonly BrowserSession? present;

    private AuthorizeSteps(RequestSteps? steps, string? wishes, BrowserSession? present) =>
        (this.steps, this.wishes, this.present) = (steps, wishes, present);

    /// <summary>Null for a silent request.</summary>
    public string? Code => steps?.Code;

    public static async ValueTask<AuthorizeSteps> BeginAsync(
        HttpContext context, AuthorizeRequest request, BrowserSession? present, KeptRequestCodes codes)
    {
        if (request.IsSilent)
        {
            return new AuthorizeSteps(null, null, present);
        }

        var steps = RequestSteps.Of(context);
        steps.Follow(await codes.OfAsync(request.Parameters.RequestUri!, context.RequestAborted));
        steps.ClientId = request.Parameters.ClientId;
        return new AuthorizeSteps(steps, request.Wishes, present);
    }

    /// <returns>The result that the step leads to, unchanged.</returns>
    public IResult Add(string step, string? reason, IResult result)
    {
        steps?.Add(step, reason, wishes, present?.User.Id, present?.Session.Id);
        return result;
    }

    public void AddRefusal(OAuthError error) =>
        steps?.Add(SupportSteps.RequestRefused, error.Code, error.Description, present?.User.Id, present?.Session.Id);

    public void AddCode(IEnumerable<string> scopes) =>
        steps?.Add(SupportSteps.CodeIssued, details: string.Join(' ', scopes), user: present?.User.Id, session: present?.Session.Id);
}
