using AuthServer.Hosting;

namespace AuthServer.Passkeys;

/// <summary>Undoes that Identity's handler turns every exception into a failure of the passkey.</summary>
internal static class PasskeyFailure
{
    /// <summary>Throws if the database failed: the person is then told to try again later, not that the passkey is wrong.</summary>
    public static void ThrowIfOurs(Exception failure)
    {
        if (Failure.IsDatabaseDown(failure))
        {
            throw new InvalidOperationException("A passkey could not be checked, because the database failed.", failure);
        }
    }
}
