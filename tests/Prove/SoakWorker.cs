using System.Collections.Concurrent;
using System.Net;
using Rig;

namespace Prove;

/// <summary>One of many clients that use the server in every way and check each answer.</summary>
internal sealed class SoakWorker(Site site, Random chance, Tally tally, ConcurrentQueue<string> wrong)
{
    private string refreshToken = "";
    private string accessToken = "";

    public Random Chance => chance;

    /// <summary>The number of its sign-ins that are not revoked.</summary>
    public int Living { get; private set; }

    /// <summary>The number of its sign-ins that it has revoked.</summary>
    public int SignedOut { get; private set; }

    public Task StepAsync() => chance.Next(100) switch
    {
        < 45 => RefreshAsync(),
        < 65 => AskAsync("client_credentials", client => client.ActForItselfAsync(), answer => answer.AccessToken is not null),
        < 87 => AskAsync("introspection", client => client.IntrospectAsync(accessToken), answer => answer.IsActive),
        < 95 => SignInAsync(),
        _ => SignOutAsync(),
    };

    public async Task SignInAsync()
    {
        if (await AskAsync("sign-in", client => client.SignInAsync(), answer => answer.RefreshToken is not null) is { } answer)
        {
            Keep(answer);
            Living++;
        }
    }

    private async Task RefreshAsync()
    {
        if (await AskAsync(
            "refresh",
            client => client.RefreshAsync(refreshToken),
            answer => answer.RefreshToken is { } next && next != refreshToken) is { } answer)
        {
            Keep(answer);
        }
    }

    private async Task SignOutAsync()
    {
        await AskAsync("revocation", client => client.RevokeAsync(refreshToken), _ => true);
        await AskAsync(
            "refresh when revoked",
            client => client.RefreshAsync(refreshToken),
            answer => answer.Error is "invalid_grant",
            HttpStatusCode.BadRequest);
        await AskAsync("introspection when revoked", client => client.IntrospectAsync(accessToken), answer => !answer.IsActive);
        (Living, SignedOut) = (Living - 1, SignedOut + 1);
        await SignInAsync();
    }

    /// <returns>The answer; null if it is not as expected.</returns>
    private async Task<TokenAnswer?> AskAsync(
        string what, Func<TokenClient, Task<TokenAnswer>> ask, Func<TokenAnswer, bool> isRight, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var (answer, outcome) = await new Tally().SendAsync(() => ask(site.Any(chance).Client));
        tally.Add($"{what} {outcome}");
        if (answer?.Status == expected && isRight(answer))
        {
            return answer;
        }

        wrong.Enqueue($"{what}: {outcome} {answer?.Json}");
        return null;
    }

    private void Keep(TokenAnswer answer) => (refreshToken, accessToken) = (answer.RefreshToken!, answer.AccessToken!);
}
