using AuthServer.Hosting;

namespace AuthServer.Passkeys;

/// <summary>Identity's handler makes every exception a failure of the passkey.</summary>
internal static class PasskeyFailure
{
    /// <summary>When it was the database, the person is told to come back, not that the passkey is wrong.</summary>
    public static void ThrowIfOurs(Exception failure)
    {
        if (Failure.IsDatabaseDown(failure))
        {
            throw new InvalidOperationException("A passkey could not be checked.", failure);
        }
    }
}
