using AuthServer.Connect;
using AuthServer.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthServer.SecondFactors;

/// <summary>What a person has shown so far, when more is asked for.</summary>
/// <param name="SecurityStamp">The user's: another one by now means to begin anew.</param>
internal sealed record PendingSignIn(Guid User, string SecurityStamp, IReadOnlyList<string> Methods, bool IsRemembered);

/// <summary>Keeps that in the browser for a few minutes, so that any node can go on.</summary>
internal sealed class PendingSignIns(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    public ProtectedCookie<PendingSignIn> Cookie { get; } = new("Step", TimeSpan.FromMinutes(10), protection, connect.Value, time);
}
