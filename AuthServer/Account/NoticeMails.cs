using System.Data.Common;
using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Outbox;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>
/// Mails the <see cref="SecurityNotices"/>: the mail is saved with the event that it tells of, whoever caused it and by whichever way. A
/// person whose address is not confirmed gets none.
/// </summary>
internal sealed class NoticeMails(
    LetterProtection protection, WakeSignal<OutgoingMail> signal, IOptions<MailOptions> options, AccountLinks links, MailThrottle throttle,
    IHttpContextAccessor request, TimeProvider time, ILogger<MailOutbox> logger) : SaveChangesInterceptor, IDbTransactionInterceptor, IAuditListener
{
    /// <summary>The same act of the same actor within this time makes no second mail: the link of the first one covers it.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    private static readonly ResourceManager Words = new(typeof(Texts));

    // sign_in.passed is not among them: MailThrottle limits these mails.
    private static readonly List<string> Repeatable =
        [.. SecurityNotices.All.Keys.Select(key => key.Split(' ')[0]).Where(action => action is not AuditActions.SignInPassed).Distinct()];

    // The mails that a context has added and not committed yet.
    private readonly ConditionalWeakTable<DbContext, List<OutgoingMail>> added = [];

    /// <summary>Two events with the same key, soon after each other, are one mail.</summary>
    private sealed record Key(Guid? Person, MailKind Mail, string? Action, string ActorKind, string? ActorId, Guid? Session);

    public async Task SavingAsync(AuthDbContext context, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        if (!options.Value.IsOn || !events.Any(entry => SecurityNotices.MailOf(entry) is not null))
        {
            return;
        }

        // The owner of a new account needs no mail about changes that were made when it was created.
        var created = events.Where(entry => entry.CreatesPerson).Select(ByWhom).ToHashSet();
        var told = events.Where(entry => SecurityNotices.MailOf(entry) is not null && !created.Contains(ByWhom(entry))).ToList();
        if (told.Count is 0)
        {
            return;
        }

        var people = told.Select(entry => entry.PersonId!.Value).Distinct().ToList();

        // The rows as they were before the change: a new address has not replaced the old one yet.
        var users = await context.Users.AsNoTracking().Where(user => people.Contains(user.Id) && user.EmailConfirmed && user.Email != null)
            .ToDictionaryAsync(user => user.Id, cancellationToken);
        var earlier = await EarlierAsync(context, told, people, cancellationToken);
        created = [.. earlier.Where(entry => entry.Action is AuditActions.UserCreated).Select(ByWhom)];
        var mailed = earlier.Where(entry => SecurityNotices.MailOf(entry) is not null).Select(KeyOf).ToHashSet();
        foreach (var entry in told)
        {
            var kind = SecurityNotices.MailOf(entry)!.Value;
            if (users.TryGetValue(entry.PersonId!.Value, out var user)
                && (kind is MailKind.NewDevice
                    ? throttle.TryMail(kind, user.Email!)
                    : mailed.Add(KeyOf(entry)) && !(kind is MailKind.ChangedByAdministrator && created.Contains(ByWhom(entry))))
                && new MailOutbox(context, protection, signal, options, time, logger)
                    .Add(WithCode(LetterOf(kind, entry, user))) is { } mail)
            {
                added.GetOrCreateValue(context).Add(mail);
            }
        }
    }

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context!.Database.CurrentTransaction is null)
        {
            Send(eventData.Context);
        }

        return new(result);
    }

    // The changes were not saved, so their mails must not be saved later, if the caller goes on.
    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Context!);
        return Task.CompletedTask;
    }

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Context!);
        return Task.CompletedTask;
    }

    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Send(eventData.Context);
        return Task.CompletedTask;
    }

    private void Send(DbContext? context)
    {
        if (context is not null && added.Remove(context))
        {
            signal.Give();
        }
    }

    private void Forget(DbContext context)
    {
        if (added.TryGetValue(context, out var mails))
        {
            added.Remove(context);
            foreach (var mail in mails.Where(mail => context.Entry(mail).State is EntityState.Added))
            {
                context.Entry(mail).State = EntityState.Detached;
            }
        }
    }

    private async Task<List<AuditEvent>> EarlierAsync(
        AuthDbContext context, List<AuditEvent> told, List<Guid> people, CancellationToken cancellationToken)
    {
        if (told.TrueForAll(entry => SecurityNotices.MailOf(entry) is MailKind.NewDevice))
        {
            return [];
        }

        var since = time.GetUtcNow() - Quiet;
        return await context.Set<AuditEvent>().AsNoTracking()
            .Where(entry => people.Contains(entry.PersonId!.Value) && entry.At > since && Repeatable.Contains(entry.Action))
            .ToListAsync(cancellationToken);
    }

    // Of the request that has caused the mail. An operator's command has none.
    private Letter WithCode(Letter letter)
    {
        if (request.HttpContext is not { } http)
        {
            return letter;
        }

        var steps = RequestSteps.Of(http);
        steps.Add(SupportSteps.MailWritten, letter.Kind.ToString(), user: letter.To.User);
        return letter with { SupportCode = SupportCode.Show(steps.Code) };
    }

    private static (Guid? Person, string ActorKind, string? ActorId) ByWhom(AuditEvent entry) =>
        (entry.PersonId, entry.ActorKind, entry.ActorId);

    private static Key KeyOf(AuditEvent entry)
    {
        var kind = SecurityNotices.MailOf(entry)!.Value;
        var action = kind is MailKind.ChangedByAdministrator ? entry.Action : null;

        // Each time that an administrator acts as the person is a mail.
        var session = kind is MailKind.Impersonated ? Guid.Parse(entry.TargetId!) : entry.SessionId;
        return new(entry.PersonId, kind, action, entry.ActorKind, entry.ActorId, session);
    }

    private Letter LetterOf(MailKind kind, AuditEvent entry, User user)
    {
        var to = AccountMails.To(user, user.Email!);
        if (kind is MailKind.ChangedByAdministrator)
        {
            var language = CultureInfo.GetCultureInfo(MailTexts.LanguageOf(to.Language));
            var what = Words.GetString(SecurityNotices.Find(entry)!.Text, language)!;
            return Letter.ChangedByAdministrator(to, links.To(Paths.ManageHistory), new Occasion(entry.At, null, null), what);
        }

        if (kind is MailKind.Impersonated)
        {
            var reason = entry.Personal?.Changes?.GetValueOrDefault("impersonationReason")?.After;
            return Letter.Impersonated(to, links.To(Paths.ManageSessions), new Occasion(entry.At, null, null), reason);
        }

        if (kind is MailKind.FactorsReset)
        {
            return Letter.FactorsReset(to, links.To(BrowserCookie.SignInPath), new Occasion(entry.At, null, null));
        }

        var source = HistoryEntry.SourceOf(entry, entry.Personal);
        var link = links.NotMe.Protect(new NotMeLink(user.Id, entry.Id, entry.Action, entry.At, user.Email!));
        return Letter.Notice(
            kind, to, links.To(Paths.NotMe, link), links.NotMe.Lifetime,
            new Occasion(entry.At, source.Address, DeviceName.Of(source.UserAgent)));
    }
}
