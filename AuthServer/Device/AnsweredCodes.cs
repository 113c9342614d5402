using AuthServer.Data;
using AuthServer.Hosting;

namespace AuthServer.Device;

/// <summary>
/// Remembers a person's answer to a user code for <see cref="Repetition.Moment"/>. If the same answer comes again after it has used the
/// code, the person is told the outcome.
/// </summary>
internal sealed class AnsweredCodes(SpentValues spent, TimeProvider time)
{
    /// <returns>False if this person gave the same answer a moment ago, or a concurrent request is giving it.</returns>
    public async Task<bool> TryAnswerAsync(Guid person, string userCode, bool isAllowed, CancellationToken cancellationToken) =>
        await spent.TrySpendAsync(Purpose(person, isAllowed), userCode, time.GetUtcNow() + Repetition.Moment, cancellationToken)
        || await FindAsync(person, userCode, cancellationToken) != isAllowed;

    /// <returns>Whether the device was allowed; null if this person has given no answer.</returns>
    public async Task<bool?> FindAsync(Guid person, string userCode, CancellationToken cancellationToken)
    {
        foreach (var isAllowed in new[] { true, false })
        {
            if (await spent.IsSpentAsync(Purpose(person, isAllowed), userCode, time.GetUtcNow(), cancellationToken))
            {
                return isAllowed;
            }
        }

        return null;
    }

    private static string Purpose(Guid person, bool isAllowed) => $"device answer {person:N} {(isAllowed ? "yes" : "no")}";
}
