using AuthServer.Account;
using AuthServer.Audit;

namespace AuthServer.Tests.Account;

/// <summary>Nobody can add an action about a person without saying whether the person learns of it.</summary>
public sealed class SecurityNoticesTests
{
    // Actions that no person sees in the history of the account, each with the reason.
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["device.refused"] = "nothing happened to the account",
        ["impersonation.offered"] = "nothing happens before the link is used; the use is impersonation.started",
        ["mail.given_up"] = "about a mail: what it tells of is a notice itself",
        ["mail.refused"] = "about a mail: what it tells of is a notice itself",
        ["mail.sent"] = "about a mail: what it tells of is a notice itself",
        ["session.app_not_told"] = "the operator's business: the session has ended",
        ["session.app_signed_in"] = "every sign-in to an app; the first permission is consent.given",
        ["session.app_signed_out"] = "the app or the person signed out; a withdrawn permission is consent.withdrawn",
        ["sign_in.refused"] = "anybody can cause many; wrong codes after the right password are mailed, and a lock is user.locked",
        ["sign_in.stepped_up"] = "the person's own act in a known sign-in",
        ["token.revoked"] = "an app's own act; it takes nothing from the person but a token",
        ["user.deleted"] = "nobody is left to tell",
    };

    private static readonly string[] NotAboutPeople = ["client.", "key.", "role.", "scope."];

    [Fact]
    public void Every_action_about_a_person_is_a_notice_or_says_why_not()
    {
        var notices = SecurityNotices.All.Keys.Select(key => key.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
        var actions = AuditActions.All.Where(action => !NotAboutPeople.Any(kind => action.StartsWith(kind, StringComparison.Ordinal)));

        Assert.Equal(actions.Order(StringComparer.Ordinal), notices.Concat(Others.Keys).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Person", null, false)]
    [InlineData("Person", "0199a0c4-0000-7000-8000-000000000001", false)]
    [InlineData("Person", "0199a0c4-0000-7000-8000-000000000002", true)]
    [InlineData("Operator", "root", true)]
    [InlineData("Client", "console", true)]
    [InlineData("System", null, false)]
    public void An_administrator_is_anybody_else_who_has_shown_who_they_are(string kind, string? id, bool isAdministrator)
    {
        var entry = new AuditEvent
        {
            Id = Guid.CreateVersion7(),
            ActorKind = kind,
            ActorId = id,
            Action = AuditActions.PasskeyRemoved,
            PersonId = Guid.Parse("0199a0c4-0000-7000-8000-000000000001"),
        };

        Assert.Equal(isAdministrator, SecurityNotices.IsOfAdministrator(entry));
        Assert.Equal(
            isAdministrator ? AuthServer.Mail.MailKind.ChangedByAdministrator : AuthServer.Mail.MailKind.PasskeyRemoved,
            SecurityNotices.MailOf(entry));
    }
}
