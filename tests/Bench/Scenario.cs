namespace Bench;

/// <summary>
/// A kind of request that many concurrent clients send. <see cref="Begin"/> prepares one client and returns its next request.
/// </summary>
/// <param name="Cold">A server is cold up to this number of requests after its start.</param>
/// <param name="Warming">From then on, it warms up to this number.</param>
/// <param name="Requests">The requests of a turn of a warm server.</param>
internal sealed record Scenario(string Name, int Cold, int Warming, int Requests, Func<Subject, Task<Func<Task>>> Begin)
{
    public static readonly Scenario Refresh = new("refresh", Cold: 1000, Warming: 10_000, Requests: 5000, async subject =>
    {
        var token = await subject.SignInAsync();
        return async () => token = await subject.RefreshAsync(token);
    });

    public static readonly Scenario ClientCredentials = new("client_credentials", Cold: 1000, Warming: 10_000, Requests: 5000, subject =>
        Task.FromResult<Func<Task>>(async () => (await subject.Client.ActForItselfAsync()).Ok()));

    public static readonly Scenario Introspection = new("introspection", Cold: 1000, Warming: 10_000, Requests: 5000, async subject =>
    {
        var token = (await subject.IntrospectingClient.SignInAsync()).Ok().AccessToken!;
        return async () =>
        {
            if (!(await subject.IntrospectingClient.IntrospectAsync(token)).Ok().IsActive)
            {
                throw new InvalidOperationException("The token is inactive.");
            }
        };
    });

    public static readonly Scenario Password = new("password", Cold: 100, Warming: 300, Requests: 150, subject =>
        Task.FromResult<Func<Task>>(subject.SignInAsync));

    public static readonly IReadOnlyList<Scenario> All = [ClientCredentials, Introspection, Refresh, Password];

    /// <summary>True if the request comes from a client for itself, and not from a user.</summary>
    public bool NeedsClients => Name is not ("refresh" or "password");

    /// <summary>Requests until .NET has compiled the hot code for good, which costs more than the requests themselves.</summary>
    public int WarmUp => Warming * 4;

    /// <summary>A fifth of the requests, to see in minutes whether something works.</summary>
    public Scenario Quick => this with { Cold = Cold / 5, Warming = Warming / 5, Requests = Requests / 5 };
}
