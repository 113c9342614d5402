using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>The session that the second factor is for.</summary>
internal enum PendingKind
{
    /// <summary>A session that begins when the factor is shown.</summary>
    NewSession,

    /// <summary>The browser's session, in which the person has shown the password again.</summary>
    RenewedSession,

    /// <summary>The browser's session, in which one more factor is asked for.</summary>
    StepUp,
}

/// <summary>The methods that a person has shown so far, while the server asks for more.</summary>
/// <param name="SecurityStamp">The user's security stamp. If it differs by now, the sign-in has to start again.</param>
/// <param name="Session">The session's id. A new session gets it before it begins, so that a form sent twice ends in one session.</param>
internal sealed record PendingSignIn(
    Guid User, string SecurityStamp, IReadOnlyList<string> Methods, bool IsRemembered, PendingKind Kind, Guid Session)
{
    /// <summary>Tells pending sign-ins apart: a code that was accepted for another one is not a repetition here.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>True if the person has reset the password and wants all passkeys of the account removed.</summary>
    public bool RemovesPasskeys { get; init; }
}

/// <summary>Keeps a pending sign-in in a cookie for ten minutes, so that any node can continue it.</summary>
internal sealed class PendingSignIns(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    public ProtectedCookie<PendingSignIn> Cookie { get; } = new("Step", TimeSpan.FromMinutes(10), protection, connect.Value, time);
}
