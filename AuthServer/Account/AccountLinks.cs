using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>Lets the reader of the mail create an account with its address.</summary>
internal sealed record RegistrationLink(string Email, ReturnTarget? Begun);

/// <param name="SecurityStamp">
/// If the user's stamp differs by now, the link is void: a password was set meanwhile, perhaps by this link.
/// </param>
/// <param name="Email">If the user's address differs by now, the link is void: a reader of the old mailbox must not get in.</param>
internal sealed record ResetLink(Guid User, string SecurityStamp, string Email, ReturnTarget? Begun);

/// <param name="IsApproved">True if the old address has agreed or was never confirmed: this link is for the new address.</param>
internal sealed record EmailLink(Guid User, string SecurityStamp, string OldEmail, string NewEmail, bool IsApproved);

/// <summary>The link "This wasn’t me" of a mail about one event of the audit.</summary>
/// <param name="Action">The event's action.</param>
/// <param name="At">When the event was.</param>
/// <param name="Email">The address to which the mail went: the account's address before the event.</param>
internal sealed record NotMeLink(Guid User, Guid Event, string Action, DateTimeOffset At, string Email);

/// <summary>The links in mails. Each carries its data, protected, so a registration or reset that nobody completes leaves no row.</summary>
internal sealed class AccountLinks(IDataProtectionProvider protection, IOptions<ConnectOptions> connect, TimeProvider time)
{
    public const string Parameter = "token";

    /// <summary>No link that leads back to an app works longer than this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ProtectedValue<RegistrationLink> Registration { get; } = new("Registration", Longest, protection, time);

    public ProtectedValue<ResetLink> Reset { get; } = new("Reset", TimeSpan.FromHours(1), protection, time);

    /// <summary>For somebody whom an administrator has added: they did not wait for the mail. Used like <see cref="Reset"/>.</summary>
    public ProtectedValue<ResetLink> Invitation { get; } = new("Reset", Longest, protection, time);

    public ProtectedValue<EmailLink> Email { get; } = new("Email", Longest, protection, time);

    public ProtectedValue<NotMeLink> NotMe { get; } = new("NotMe", TimeSpan.FromDays(7), protection, time);

    public Uri To(string path, string? token = null) =>
        new(connect.Value.IssuerUri, token is null ? path : QueryHelpers.AddQueryString(path, Parameter, token));

    public static bool IsOf(ResetLink link, User user) =>
        link.SecurityStamp == user.Stamp && link.Email == user.Email && user.DisabledAt is null;

    public static bool IsOf(EmailLink link, User user) =>
        link.SecurityStamp == user.Stamp && link.OldEmail == user.Email && user.DisabledAt is null;
}
