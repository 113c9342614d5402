using Rig;

namespace Bench;

/// <summary>
/// A kind of request that many concurrent clients send. <see cref="Begin"/> prepares one client and returns its next request.
/// </summary>
/// <param name="WarmUp">Requests until .NET has compiled the hot code for good, which costs more than the requests
/// themselves.</param>
internal sealed record Scenario(string Name, int WarmUp, int Requests, double? Target, Func<TokenClient, Task<Func<Task>>> Begin)
{
    public static readonly Scenario Refresh = new("refresh", WarmUp: 40_000, Requests: 3000, Target: 0.10, async client =>
    {
        var token = (await client.SignInAsync()).Ok().RefreshToken!;
        return async () => token = (await client.RefreshAsync(token)).Ok().RefreshToken!;
    });

    public static readonly Scenario ClientCredentials = new("client_credentials", WarmUp: 40_000, Requests: 3000, Target: 0.08, client =>
        Task.FromResult<Func<Task>>(async () => (await client.ActForItselfAsync()).Ok()));

    public static readonly Scenario Introspection = new("introspection", WarmUp: 40_000, Requests: 3000, Target: 0.08, async client =>
    {
        var token = (await client.SignInAsync()).Ok().AccessToken!;
        return async () =>
        {
            if (!(await client.IntrospectAsync(token)).Ok().IsActive)
            {
                throw new InvalidOperationException("The token is inactive.");
            }
        };
    });

    public static readonly Scenario Password = new("password", WarmUp: 400, Requests: 150, Target: 0.35, client =>
        Task.FromResult<Func<Task>>(async () => (await client.SignInAsync()).Ok()));

    public static readonly IReadOnlyList<Scenario> All = [ClientCredentials, Introspection, Refresh, Password];
}
