using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>Which session the second factor is for.</summary>
internal enum PendingKind
{
    /// <summary>One that begins when it is shown.</summary>
    NewSession,

    /// <summary>The browser's own, in which the person has shown the password anew.</summary>
    RenewedSession,

    /// <summary>The browser's own, which is asked for more.</summary>
    StepUp,
}

/// <summary>What a person has shown so far, when more is asked for.</summary>
/// <param name="SecurityStamp">The user's: another one by now means to begin anew.</param>
/// <param name="Session">The session's id, also of one that is to begin: a form that is sent twice ends in one session.</param>
internal sealed record PendingSignIn(Guid User, string SecurityStamp, IReadOnlyList<string> Methods, bool IsRemembered, PendingKind Kind, Guid Session)
{
    /// <summary>Its own: a code that ended another one is no repetition of this one's.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Whether the person, who has reset the password, wants the account's passkeys gone.</summary>
    public bool RemovesPasskeys { get; init; }
}

/// <summary>Keeps that in the browser for a few minutes, so that any node can go on.</summary>
internal sealed class PendingSignIns(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    public ProtectedCookie<PendingSignIn> Cookie { get; } = new("Step", TimeSpan.FromMinutes(10), protection, connect.Value, time);
}
