namespace AuthServer.Sessions;

/// <summary>Where a request came from, as far as it says.</summary>
internal sealed record Origin(string? Address, string? UserAgent)
{
    public static Origin Of(HttpContext context) => new(
        context.Connection.RemoteIpAddress?.ToString(),
        context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, Session.LongestText)] : null);
}
