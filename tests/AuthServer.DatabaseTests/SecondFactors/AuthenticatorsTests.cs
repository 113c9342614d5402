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
    public async Task Of_any_number_of_codes_at_once_no_more_are_looked_at_than_may_be()
    {
        var node = await NodeAsync(services => services.AddScoped<Authenticators>());
        var user = (await SignIns.AddUserAsync(node)).Id;
        var secret = Base32Encoding.ToString(new byte[20]);
        var app = new Totp(new byte[20]);
        Assert.NotNull(await node.DoAsync<Authenticators, IReadOnlyList<string>?>(authenticators => authenticators.ConfirmAsync(user, secret, Now(), CancellationToken.None)));
        await node.DoAsync<AuthDbContext, int>(context => context.Set<Authenticator>().ExecuteUpdateAsync(set => set.SetProperty(row => row.WrongCodes, 95)));
        node.Clock.Advance(TimeSpan.FromMinutes(2));

        var outcomes = await Together.RunAsync(8, _ => TryAsync("000000"));

        Assert.Equal(3, outcomes.Count(outcome => outcome is CodeOutcome.Blocked));
        Assert.NotEqual(0, outcomes.Count(outcome => outcome is CodeOutcome.Alarming));
        Assert.Equal(CodeOutcome.Blocked, await TryAsync(Now()));

        // From the next day on.
        node.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(CodeOutcome.Wrong, await TryAsync("000000"));
        Assert.Equal(CodeOutcome.OneTime, await TryAsync(Now()));
        Assert.Equal(CodeOutcome.Wrong, await TryAsync(Now()));
        Assert.Equal(1, await node.DoAsync<AuthDbContext, int>(context => context.Set<Authenticator>().Select(row => row.WrongCodes).SingleAsync()));

        string Now() => app.ComputeTotp(node.Clock.GetUtcNow().UtcDateTime);

        Task<CodeOutcome> TryAsync(string code) => node.DoAsync<Authenticators, CodeOutcome>(authenticators => authenticators.TryAsync(user, code, CancellationToken.None));
    }

    public sealed class OnSqlite(SqliteDatabase database) : AuthenticatorsTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : AuthenticatorsTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : AuthenticatorsTests(database), IClassFixture<SqlServerDatabase>;
}
