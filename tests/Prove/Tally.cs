using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Rig;

namespace Prove;

/// <summary>Counts the outcomes of requests.</summary>
internal sealed class Tally
{
    public const string Refused = "no connection";
    public const string CutOff = "cut off";
    public const string TimedOut = "timed out";

    private readonly ConcurrentDictionary<string, int> counts = new();

    private long longest;

    /// <summary>The longest time that a request took.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref longest));

    public int this[string outcome] => counts.GetValueOrDefault(outcome);

    public bool AllAre(params string[] outcomes) => counts.Keys.All(outcomes.Contains);

    public string Add(string outcome)
    {
        counts.AddOrUpdate(outcome, 1, (_, count) => count + 1);
        return outcome;
    }

    public void Took(TimeSpan time)
    {
        for (var known = Longest.Ticks; time.Ticks > known; known = Longest.Ticks)
        {
            Interlocked.CompareExchange(ref longest, time.Ticks, known);
        }
    }

    /// <summary>Sends a request and counts its outcome.</summary>
    /// <returns>The answer, or null if there was none; and the name of the outcome.</returns>
    public async Task<(TokenAnswer? Answer, string Outcome)> SendAsync(Func<Task<TokenAnswer>> send)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var answer = await send();
            return (answer, Add(NameOf(answer)));
        }
        catch (HttpRequestException exception)
        {
            return (null, Add(exception.HttpRequestError is HttpRequestError.ConnectionError ? Refused : CutOff));
        }
        catch (IOException)
        {
            return (null, Add(CutOff));
        }
        catch (OperationCanceledException)
        {
            return (null, Add(TimedOut));
        }
        finally
        {
            Took(clock.Elapsed);
        }
    }

    public static string NameOf(TokenAnswer answer) => answer.Status is HttpStatusCode.OK
        ? "200"
        : $"{(int)answer.Status} {answer.Error}{(answer.RetryAfter is null ? "" : ", Retry-After")}".Replace(
            " ,", ",", StringComparison.Ordinal);

    public override string ToString() =>
        string.Join("; ", counts.OrderByDescending(count => count.Value).Select(count => $"{count.Value} × {count.Key}"));
}
