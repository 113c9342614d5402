using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Consent;
using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Passkeys;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account;

/// <summary>
/// Takes an account back from a thief, for the owner who has followed the link "This wasn’t me". It ends what a thief may have, as far as
/// it is not older than the event of the link. It signs nobody in: the way back is a link that is mailed to the account's address. So
/// somebody who could read an old mail, and cannot read new ones, does not get the account.
/// </summary>
internal sealed class AccountRescue(
    AuthDbContext database, UserManager<User> users, PasskeyRegistration passkeys, Authenticators authenticators,
    RememberedBrowsers remembered, Consents consents, PendingEmails pending, SessionEnd sessions, MailOutbox outbox, AccountLinks links,
    TimeProvider time)
{
    // In the event of AccountSecured.
    private const string EventField = "event";
    private const string SinceField = "since";

    // A passkey is some milliseconds older than the event of its addition, and the clocks of two nodes differ by less than this.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    // The events since that of the link, which decide about what it does.
    private static readonly string[] Relevant =
    [
        AuditActions.AccountSecured, AuditActions.EmailChanged, AuditActions.PasswordChanged, AuditActions.RecoveryCodesReplaced,
        AuditActions.RecoveryCodeUsed,
    ];

    /// <summary>The event that was disowned, from the changes of an event of <see cref="AuditActions.AccountSecured"/>.</summary>
    public static Guid EventOf(string changes) => Guid.Parse(Read(changes)[EventField].After!);

    /// <returns>Null if the link does not work.</returns>
    public async Task<RescuePlan?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (links.NotMe.Unprotect(token) is not { } link
            || await users.FindByIdAsync(link.User.ToString()) is not { } user)
        {
            return null;
        }

        var events = await database.Set<AuditEvent>().AsNoTracking()
            .Where(entry => entry.PersonId == link.User && entry.At >= link.At && Relevant.Contains(entry.Action))
            .ToListAsync(cancellationToken);
        if (events.Find(entry => entry.Action is AuditActions.AccountSecured && SinceOf(entry.Changes!) <= link.At) is { } covered)
        {
            return new(link, user, covered, false, [], false, false, []);
        }

        var restores = !string.Equals(user.Email, link.Email, StringComparison.OrdinalIgnoreCase);
        if (user.DisabledAt is not null || (restores && !IsUndoable(events)))
        {
            return null;
        }

        var since = link.At - Slack;
        var authenticator = await authenticators.FindAsync(user.Id, cancellationToken);
        var isNew = authenticator?.ConfirmedAt >= since;
        return new(
            link,
            user,
            Covered: null,
            restores,
            [.. (await passkeys.ListAsync(user.Id)).Where(passkey => passkey.CreatedAt >= since)],
            isNew,
            authenticator is not null && !isNew && events.Exists(entry => entry.Action is AuditActions.RecoveryCodesReplaced
                or AuditActions.RecoveryCodeUsed),
            await consents.GivenSinceAsync(user.Id, since, cancellationToken));
    }

    /// <summary>Cannot be cancelled: a thief must not be able to prevent it.</summary>
    public async Task<RescueOutcome> RunAsync(HttpContext http, RescuePlan plan)
    {
        // The reader of the mail acts, even if somebody else is signed in in this browser.
        var actor = database.Actor!;
        actor.IsUnknown();
        actor.Cause = AuditReasons.NotMe;
        var outcome = RescueOutcome.ChangedMeanwhile;
        try
        {
            outcome = await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
                var result = await ChangeAsync(http, plan);
                if (result is not RescueOutcome.ChangedMeanwhile)
                {
                    await transaction.CommitAsync(CancellationToken.None);
                }

                return result;
            });
        }
        catch (DbUpdateException)
        {
            // The same form came twice at the same moment, or somebody else has taken the address at this moment.
            database.ChangeTracker.Clear();
        }

        if (outcome is not RescueOutcome.ChangedMeanwhile)
        {
            outbox.Wake();
            await sessions.EndOfUserAsync(plan.User.Id, SessionEndReasons.NotMe, CancellationToken.None);
        }

        return outcome;
    }

    // Security: only a change by somebody who was signed in as the person is undone. Otherwise a thief whose own mailbox got a mail would
    // have the account back after the owner or an administrator had undone the change.
    private static bool IsUndoable(List<AuditEvent> events) =>
        events.Exists(entry => entry.Action is AuditActions.EmailChanged)
        && events.TrueForAll(entry => entry.Action is AuditActions.AccountSecured
            || (!SecurityNotices.IsOfAdministrator(entry) && entry.Reason is not AuditReasons.NotMe));

    private async Task<RescueOutcome> ChangeAsync(HttpContext http, RescuePlan plan)
    {
        var (link, user) = (plan.Link, (await users.FindByIdAsync(plan.User.Id.ToString()))!);
        if (user.ConcurrencyStamp != plan.User.ConcurrencyStamp)
        {
            return RescueOutcome.ChangedMeanwhile;
        }

        // The id comes from the link's event: of two requests with the same link, the table's primary key lets one succeed.
        database.Record(new AuditFact(AuditActions.AccountSecured, AuditTarget.User(user.Id))
        {
            Id = new Guid(SHA256.HashData([.. "secured"u8, .. link.Event.ToByteArray()]).AsSpan(0, 16)),
            Changes = new Dictionary<string, AuditChange>(StringComparer.Ordinal)
            {
                [EventField] = new(null, link.Event.ToString()),
                ["action"] = new(null, link.Action),
                [SinceField] = new(null, link.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            },
        });
        var isTaken = plan.RestoresAddress && !await TryRestoreAsync(http, user, link.Email);

        // A new security stamp voids cookies, tokens and the links of earlier mails.
        user.PasswordHash = null;
        user.DisabledAt = isTaken ? time.GetUtcNow() : null;
        if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
        {
            return RescueOutcome.ChangedMeanwhile;
        }

        await pending.RemoveAsync(user);
        foreach (var passkey in plan.Passkeys)
        {
            await passkeys.TryRemoveAsync(user.Id, passkey.CredentialId);
        }

        await remembered.ForgetAllAsync(user.Id);
        foreach (var app in plan.Apps)
        {
            await consents.WithdrawSinceAsync(user.Id, app, link.At - Slack);
        }

        if (plan.RemovesAuthenticator)
        {
            // After the changes of the tracked user, which has the mark of two-step sign-in, too.
            await authenticators.RemoveWithinAsync(user.Id);
        }
        else if (plan.RemovesCodes)
        {
            await authenticators.RemoveCodesAsync(user.Id);
        }

        if (isTaken)
        {
            return RescueOutcome.Locked;
        }

        outbox.Add(Letter.AccountSecured(
            AccountMails.To(user, user.Email!),
            links.To(Paths.Reset, links.Reset.Protect(new ResetLink(user.Id, user.Stamp, user.Email!, Begun: null))),
            links.Reset.Lifetime,
            AccountMails.Occasion(http, time)));
        await database.SaveChangesAsync(CancellationToken.None);
        return RescueOutcome.Done;
    }

    /// <returns>False if another account has the address by now.</returns>
    private async Task<bool> TryRestoreAsync(HttpContext http, User user, string address)
    {
        if (await users.FindByEmailAsync(address) is not null)
        {
            return false;
        }

        // The holder of the address that is given up may be the owner, after all.
        outbox.Add(Letter.EmailChanged(AccountMails.To(user, user.Email!), AccountMails.Occasion(http, time)));
        if (string.Equals(user.UserName, user.Email, StringComparison.OrdinalIgnoreCase))
        {
            user.UserName = address;
        }

        (user.Email, user.EmailConfirmed) = (address, true);
        var result = await users.UpdateAsync(user);
        return result.Succeeded ? true : throw new DbUpdateException(IdentityProblem.Of(result));
    }

    private static DateTimeOffset SinceOf(string changes) =>
        DateTimeOffset.Parse(Read(changes)[SinceField].After!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static IReadOnlyDictionary<string, AuditChange> Read(string changes) =>
        JsonSerializer.Deserialize(changes, PersonalJson.Default.IReadOnlyDictionaryStringAuditChange)!;
}
