using AuthServer.Data;
using AuthServer.Hosting;

namespace AuthServer.Device;

/// <summary>
/// The answer that a person has given to a user code, kept for <see cref="Repetition.Moment"/>. The same answer may come again when the code has been
/// used; the person is then told what became of it.
/// </summary>
internal sealed class AnsweredCodes(SpentValues spent, TimeProvider time)
{
    /// <returns>False when the same answer has been given a moment ago, or is being given now.</returns>
    public async Task<bool> TryAnswerAsync(Guid person, string userCode, bool isAllowed, CancellationToken cancellationToken) =>
        await spent.TrySpendAsync(Purpose(person, isAllowed), userCode, time.GetUtcNow() + Repetition.Moment, cancellationToken)
        || await FindAsync(person, userCode, cancellationToken) != isAllowed;

    /// <returns>Whether the device was let in; null where this person has given no answer.</returns>
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
