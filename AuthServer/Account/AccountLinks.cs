using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>Somebody who can read this mail may make an account of it.</summary>
internal sealed record RegistrationLink(string Email, BegunSignIn? Begun);

/// <param name="SecurityStamp">Another one by now: a password was set meanwhile, perhaps by this link.</param>
/// <param name="Email">Another one by now: who reads the old mailbox must not get in.</param>
internal sealed record ResetLink(Guid User, string SecurityStamp, string Email, BegunSignIn? Begun);

/// <param name="IsApproved">Whether the holder of the old address has agreed, so that it is the new one's turn.</param>
internal sealed record EmailLink(Guid User, string SecurityStamp, string OldEmail, string NewEmail, bool IsApproved);

/// <summary>The links in mails. They hold all that they are about, so that nothing is kept of what nobody follows.</summary>
internal sealed class AccountLinks(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    public const string Parameter = "token";

    /// <summary>How long any of them works.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ProtectedValue<RegistrationLink> Registration { get; } = new("Registration", Longest, protection, time);

    public ProtectedValue<ResetLink> Reset { get; } = new("Reset", TimeSpan.FromHours(1), protection, time);

    public ProtectedValue<EmailLink> Email { get; } = new("Email", Longest, protection, time);

    public Uri To(string path, string? token = null) =>
        new(connect.Value.IssuerUri, token is null ? path : QueryHelpers.AddQueryString(path, Parameter, token));

    public static bool IsOf(ResetLink link, User user) => link.SecurityStamp == (user.SecurityStamp ?? "") && link.Email == user.Email && user.DisabledAt is null;

    public static bool IsOf(EmailLink link, User user) => link.SecurityStamp == (user.SecurityStamp ?? "") && link.OldEmail == user.Email && user.DisabledAt is null;
}
