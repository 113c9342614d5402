using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.SecondFactors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;

namespace AuthServer.DatabaseTests.SecondFactors;

public abstract class AuthenticatorsTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task Of_many_concurrent_codes_no_more_are_checked_than_the_limit_allows()
    {
        var node = await NodeAsync(services => services.AddScoped<Authenticators>());
        var user = (await SignIns.AddUserAsync(node)).Id;
        var app = new Totp(new byte[20]);
        await TurnOnAsync(node, user, Now());
        await node.DoAsync<AuthDbContext, int>(context => context.Set<Authenticator>().Where(row => row.UserId == user)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.WrongCodes, 95)));
        node.Clock.Advance(TimeSpan.FromMinutes(2));

        var outcomes = await Together.RunAsync(8, _ => TryAsync("000000"));

        Assert.Equal(3, outcomes.Count(outcome => outcome is CodeOutcome.Blocked));
        Assert.NotEqual(0, outcomes.Count(outcome => outcome is CodeOutcome.Alarming));
        Assert.Equal(CodeOutcome.Blocked, await TryAsync(Now()));

        // The next day brings new attempts.
        node.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(CodeOutcome.Wrong, await TryAsync("000000"));
        Assert.Equal(CodeOutcome.OneTime, await TryAsync(Now()));
        Assert.Equal(CodeOutcome.Wrong, await TryAsync(Now()));
        Assert.Equal(1, await node.DoAsync<AuthDbContext, int>(
            context => context.Set<Authenticator>().Where(row => row.UserId == user).Select(row => row.WrongCodes).SingleAsync()));

        string Now() => app.ComputeTotp(node.Clock.GetUtcNow().UtcDateTime);

        Task<CodeOutcome> TryAsync(string code) => node.DoAsync<Authenticators, CodeOutcome>(async authenticators =>
            (await authenticators.TryAsync(user, code, $"{Guid.CreateVersion7()}", CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task Concurrent_copies_of_a_form_get_the_same_answer_and_the_code_is_used_once()
    {
        var node = await NodeAsync(services => services.AddScoped<Authenticators>());
        var user = (await SignIns.AddUserAsync(node)).Id;
        var app = new Totp(new byte[20]);
        var codes = await TurnOnAsync(node, user, Now());
        node.Clock.Advance(TimeSpan.FromMinutes(2));

        foreach (var (code, outcome) in new[] { (Now(), CodeOutcome.OneTime), (codes[0], CodeOutcome.Recovery) })
        {
            var results = await Together.RunAsync(6, _ => TryAsync(code, "one form"));

            Assert.All(results, result => Assert.Equal(outcome, result.Outcome));
            Assert.Single(results, result => !result.IsRepeated);
            Assert.Equal(CodeOutcome.Wrong, (await TryAsync(code, "another form")).Outcome);
        }

        string Now() => app.ComputeTotp(node.Clock.GetUtcNow().UtcDateTime);

        Task<CodeResult> TryAsync(string code, string form) =>
            node.DoAsync<Authenticators, CodeResult>(authenticators => authenticators.TryAsync(user, code, form, CancellationToken.None));
    }

    private static async Task<IReadOnlyList<string>> TurnOnAsync(Node node, Guid user, string code)
    {
        var setup = new AuthenticatorSetup(user, default, "", Base32Encoding.ToString(new byte[20]), RecoveryCodes.Create());
        Assert.True(await node.DoAsync<Authenticators, bool>(
            authenticators => authenticators.TryConfirmAsync(setup, code, () => Task.CompletedTask, CancellationToken.None)));
        return setup.RecoveryCodes;
    }

    public sealed class OnSqlite(SqliteDatabase database) : AuthenticatorsTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : AuthenticatorsTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : AuthenticatorsTests(database), IClassFixture<SqlServerDatabase>;
}
