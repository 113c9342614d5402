using AuthServer.Audit;
using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Sessions;
using static AuthServer.Audit.AuditActions;

namespace AuthServer.Account;

/// <summary>An event of the audit that the person may want to know.</summary>
/// <param name="Text">What happened, as a key of <see cref="Texts"/>.</param>
/// <param name="Mail">The mail if the person did it, or somebody in their place; null for none.</param>
/// <param name="IsMailedOfOthers">True to send a mail if an administrator did it.</param>
internal sealed record SecurityNotice(string Text, MailKind? Mail = null, bool IsMailedOfOthers = false);

/// <summary>
/// The closed list of events that the page "Account activity" shows, and the mails about them. <see cref="NoticeMails"/> sends
/// them. A test requires of every other action about a person the reason why it is none.
/// </summary>
internal static class SecurityNotices
{
    /// <summary>By action, or by action and reason if only this reason is meant.</summary>
    public static readonly IReadOnlyDictionary<string, SecurityNotice> All = new Dictionary<string, SecurityNotice>(StringComparer.Ordinal)
    {
        [$"{SignInPassed} {AuditReasons.NewDevice}"] = new("EventNewDevice", MailKind.NewDevice),
        [$"{SessionEnded} {SessionEndReasons.EndedByOperator}"] = new("EventSignInEnded", IsMailedOfOthers: true),
        [$"{SessionEnded} {SessionEndReasons.EndedByUser}"] = new("EventSignInEnded"),
        [$"{SessionEnded} {SessionEndReasons.Reuse}"] = new("EventTokenReused"),
        [$"{SessionEnded} {SessionEndReasons.CodeReuse}"] = new("EventTokenReused"),

        [ImpersonationStarted] = new("EventImpersonationStarted", MailKind.Impersonated),
        [ImpersonationEnded] = new("EventImpersonationEnded"),

        [UserCreated] = new("EventUserCreated"),
        [UserDisabled] = new("EventUserDisabled", IsMailedOfOthers: true),
        [UserEnabled] = new("EventUserEnabled", IsMailedOfOthers: true),
        [UserLocked] = new("EventUserLocked"),
        [UserUnlocked] = new("EventUserUnlocked", IsMailedOfOthers: true),
        [UserChanged] = new("EventUserChanged", IsMailedOfOthers: true),
        [UserRoleGiven] = new("EventRoleGiven", IsMailedOfOthers: true),
        [UserRoleTaken] = new("EventRoleTaken", IsMailedOfOthers: true),
        [PasswordChanged] = new("EventPasswordChanged", MailKind.PasswordChanged, IsMailedOfOthers: true),
        [AuditActions.PasswordReset] = new("EventPasswordReset", MailKind.PasswordChanged),
        [PasswordRemoved] = new("EventPasswordRemoved", IsMailedOfOthers: true),
        [EmailChanged] = new("EventEmailChanged", MailKind.EmailChanged, IsMailedOfOthers: true),
        [EmailConfirmed] = new("EventEmailConfirmed"),
        [AuthenticatorAdded] = new("EventAuthenticatorOn", MailKind.AuthenticatorOn, IsMailedOfOthers: true),
        [AuthenticatorRemoved] = new("EventAuthenticatorOff", MailKind.AuthenticatorOff, IsMailedOfOthers: true),
        [$"{AuthenticatorRemoved} {AuditReasons.FactorsReset}"] = new("EventFactorsReset", MailKind.FactorsReset),
        [RecoveryCodesReplaced] = new("EventNewRecoveryCodes", MailKind.NewRecoveryCodes, IsMailedOfOthers: true),
        [RecoveryCodesRemoved] = new("EventRecoveryCodesRemoved", IsMailedOfOthers: true),
        [RecoveryCodeUsed] = new("EventRecoveryCodeUsed", MailKind.RecoveryCodeUsed),
        [PasskeyAdded] = new("EventPasskeyAdded", MailKind.PasskeyAdded, IsMailedOfOthers: true),
        [PasskeyRenamed] = new("EventPasskeyRenamed"),
        [PasskeyRemoved] = new("EventPasskeyRemoved", MailKind.PasskeyRemoved, IsMailedOfOthers: true),
        [$"{PasskeyRemoved} {AuditReasons.FactorsReset}"] = new("EventFactorsReset", MailKind.FactorsReset),
        [BrowserRemembered] = new("EventBrowserRemembered"),
        [BrowserForgotten] = new("EventBrowserForgotten"),
        [DataExported] = new("EventDataExported"),
        [ConsentGiven] = new("EventConsentGiven", MailKind.AppConnected),
        [ConsentWithdrawn] = new("EventConsentWithdrawn", IsMailedOfOthers: true),
        [DeviceApproved] = new("EventDeviceApproved"),

        // AccountRescue mails it, because the mail has a link of its own.
        [AccountSecured] = new("EventAccountSecured"),
    };

    /// <returns>Null if the event is no notice.</returns>
    public static SecurityNotice? Find(AuditEvent entry) =>
        All.GetValueOrDefault($"{entry.Action} {entry.Reason}") ?? All.GetValueOrDefault(entry.Action);

    /// <summary>What an event of this action means, as a key of <see cref="Texts"/>.</summary>
    public static string TextOf(string action) =>
        All.TryGetValue(action, out var notice) ? notice.Text : All.First(known => known.Key.Split(' ')[0] == action).Value.Text;

    /// <returns>Null if nobody gets a mail about the event.</returns>
    public static MailKind? MailOf(AuditEvent entry) =>
        entry is { PersonId: not null, Reason: not AuditReasons.NotMe } && Find(entry) is { } notice
            ? !IsOfAdministrator(entry) || notice.Mail is MailKind.FactorsReset or MailKind.Impersonated ? notice.Mail
                : notice.IsMailedOfOthers ? MailKind.ChangedByAdministrator
                : null
            : null;

    /// <summary>
    /// True if an operator, another person or an app acted. The server itself is none of them, nor is a person who is not signed in: that one
    /// has the link of a mail.
    /// </summary>
    public static bool IsOfAdministrator(AuditEvent entry) => entry.ActorKind switch
    {
        nameof(AuditActorKind.Operator) or nameof(AuditActorKind.Client) => true,
        nameof(AuditActorKind.Person) => entry.ActorId is { } actor && actor != entry.PersonId.ToString(),
        _ => false,
    };
}
