using AuthServer.Account;
using AuthServer.Audit;
using AuthServer.Consent;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Passkeys;
using AuthServer.SecondFactors;
using AuthServer.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Account;

/// <summary>Notices, their mails, and the link "This wasn’t me", on each provider.</summary>
public abstract class AccountRescueTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task A_change_that_is_not_saved_is_not_mailed_even_if_the_caller_goes_on()
    {
        var node = await StartAsync();
        var (id, taken) = ((await SignIns.AddUserAsync(node)).Id, (await SignIns.AddUserAsync(node)).NormalizedEmail);
        await ConfirmAsync(node, id, $"{id:N}@example.test");

        await node.DoAsync<IServiceProvider>(async services =>
        {
            var context = services.GetRequiredService<AuthDbContext>();
            services.GetRequiredService<AuditActor>().IsPerson(id, session: null);
            var user = await context.Users.SingleAsync(user => user.Id == id);
            (user.PasswordHash, user.NormalizedEmail) = ("other", taken);
            await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync());
            context.Entry(user).State = EntityState.Detached;
            context.Add(new SpentValue { Id = $"{id:N}", ExpiresAt = node.Clock.GetUtcNow() });
            await context.SaveChangesAsync();
        });

        Assert.Equal(0, await node.DoAsync<AuthDbContext, int>(context => context.Mails.CountAsync(mail => mail.UserId == id)));
    }

    [Fact]
    public async Task Of_concurrent_requests_with_the_link_of_a_changed_address_one_restores_it()
    {
        var node = await StartAsync();

        // A fraction that PostgreSQL does not store.
        node.Clock.Advance(TimeSpan.FromTicks(1_234_561));
        var id = (await SignIns.AddUserAsync(node)).Id;
        var (old, other) = ($"{id:N}@example.test", $"{id:N}@thief.example");
        await ConfirmAsync(node, id, old);
        await node.DoAsync<IServiceProvider>(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            services.GetRequiredService<AuditActor>().IsPerson(id, session: null);
            var user = (await users.FindByIdAsync(id.ToString()))!;
            user.Email = other;
            Assert.True((await users.UpdateSecurityStampAsync(user)).Succeeded);
        });
        var token = await node.DoAsync<AuthDbContext, string>(async context =>
        {
            var mail = await context.Mails.SingleAsync(mail => mail.UserId == id);
            Assert.Equal((MailKind.EmailChanged, old), (mail.Kind, mail.Recipient));
            var letter = node.Services.GetRequiredService<LetterProtection>().Unprotect(mail.ProtectedLetter);
            return QueryHelpers.ParseQuery(letter.Link!.Query)[AccountLinks.Parameter].ToString();
        });

        var outcomes = await Together.RunAsync(4, _ => node.DoAsync<AccountRescue, RescueOutcome?>(async rescue =>
            await rescue.FindAsync(token, CancellationToken.None) is { Covered: null } plan
                ? await rescue.RunAsync(new DefaultHttpContext(), plan)
                : null));

        Assert.Single(outcomes, outcome => outcome is RescueOutcome.Done);
        Assert.All(outcomes, outcome => Assert.True(outcome is null or RescueOutcome.Done or RescueOutcome.ChangedMeanwhile));
        var user = await node.DoAsync<AuthDbContext, User>(context => context.Users.AsNoTracking().SingleAsync(user => user.Id == id));
        Assert.Equal((old, true, null), (user.Email, user.EmailConfirmed, user.PasswordHash));
        Assert.NotNull((await node.DoAsync<AccountRescue, RescuePlan?>(rescue => rescue.FindAsync(token, CancellationToken.None)))!.Covered);
        Assert.Equal(
            [(MailKind.AccountSecured, old), (MailKind.EmailChanged, old), (MailKind.EmailChanged, other)],
            (await node.DoAsync<AuthDbContext, List<OutgoingMail>>(context => context.Mails.Where(mail => mail.UserId == id).ToListAsync()))
                .Select(mail => (mail.Kind, mail.Recipient)).OrderBy(mail => $"{mail.Kind} {mail.Recipient}", StringComparer.Ordinal));

        var (entries, seen) = (new List<HistoryEntry>(), true);
        for (var behind = ((DateTimeOffset, Guid)?)null; seen; behind = (entries[^1].At, entries[^1].Id))
        {
            var (page, hasMore) = await node.DoAsync<AccountHistory, (IReadOnlyList<HistoryEntry>, bool)>(
                history => history.ReadAsync(id, behind, atMost: 1, CancellationToken.None));
            entries.AddRange(page);
            seen = hasMore;
        }

        Assert.Equal(
            ["EventAccountSecured", "EventEmailChanged", "EventEmailChanged", "EventPasswordRemoved", "EventUserCreated"],
            entries.Select(entry => entry.Text).Order(StringComparer.Ordinal));
        Assert.Contains(entries, entry => entry.Detail == $"{other} → {old}" && entry.Who is "ByLink");
        Assert.Contains(entries, entry => entry.Detail == $"{old} → {other}" && entry is { Who: null, IsDisowned: true });
    }

    private async Task<Node> StartAsync() => NodeOn(
        await Database.MigratedAsync(),
        services =>
        {
            services.AddSecondFactors();
            services.AddPasskeys();
            services.AddMail();
            services.AddPages();
            services.AddConsent();
            services.AddAccount();
        },
        ("Mail:From", "no-reply@auth.example"), ("Mail:Folder", Path.GetTempPath()));

    private static Task<int> ConfirmAsync(Node node, Guid id, string address) => node.DoAsync<AuthDbContext, int>(
        context => context.Users.Where(user => user.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(user => user.Email, address).SetProperty(user => user.NormalizedEmail, address.ToUpperInvariant())
            .SetProperty(user => user.EmailConfirmed, true).SetProperty(user => user.PasswordHash, "x")));

    public sealed class OnSqlite(SqliteDatabase database) : AccountRescueTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : AccountRescueTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : AccountRescueTests(database), IClassFixture<SqlServerDatabase>;
}
