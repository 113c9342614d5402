using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Audit;

/// <summary>Nobody can add a table or a column without saying what a change of it means in the audit.</summary>
public sealed class AuditedEntitiesTests
{
    // Tables whose rows are no change of an account, an app or a key; and what records the change that they belong to.
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["AccountEvent"] = "what versions before the audit have written: only read",
        ["AuditCheckpoint"] = "the audit itself",
        ["AuditEvent"] = "the audit itself",
        ["AuditKey"] = "the audit itself",
        ["AuditSeal"] = "the audit itself",
        ["Authorization"] = "AuthorizationWriter and Consents record it with the app's name",
        ["DataProtectionKey"] = "the framework's own keys, in no token",
        ["IdentityPasskeyData"] = "part of a passkey: its name is recorded by PasskeyRegistration, its counter is no change",
        ["IdentityUserLogin`1"] = "not used",
        ["IdentityUserToken`1"] = "an address that waits for its confirmation: user.email_changed records the change",
        ["BulkPlan"] = "what is to be done: each change of its items is recorded",
        ["IdempotencyKey"] = "the answer to a request whose changes are recorded",
        ["Lease"] = "which node works",
        ["LogoutNotice"] = "LogoutDelivery records the ones that fail; the end itself is session.ended",
        ["OutgoingMail"] = "MailDelivery records how each ends",
        ["PersonKey"] = "the audit itself",
        ["PlatformEntry"] = "what the platform file has created: the changes themselves are recorded",
        ["RevokedToken"] = "RevokeToken records it with the person",
        ["SessionEvent"] = "the lineage of refresh tokens: no row is written twice",
        ["SharedSecret"] = "random values that nodes share",
        ["SignInFailures"] = "counters; Lockout records when an account locks and unlocks",
        ["SpentValue"] = "values that work once",
        ["SupportStep"] = "what a request decided: what it changes is recorded",
        ["Token"] = "codes and kept requests, minutes old",
    };

    [Fact]
    public async Task Every_table_is_audited_or_says_why_not_and_every_column_of_an_audited_one_is_classified()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var model = scope.ServiceProvider.GetRequiredService<AuthDbContext>().Model;
        var audited = app.Services.GetServices<IAuditedEntity>().ToDictionary(entity => entity.Type);

        var problems = new List<string>();
        foreach (var entity in model.GetEntityTypes().Where(entity => entity.ClrType != typeof(Dictionary<string, object>)))
        {
            var name = entity.ClrType.Name;
            if (!audited.TryGetValue(entity.ClrType, out var described))
            {
                if (!Others.Remove(name))
                {
                    problems.Add($"{name} is neither audited nor in the list");
                }

                continue;
            }

            var columns = entity.GetProperties().Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
            problems.AddRange(columns.Except(described.Fields.Keys).Select(column => $"{name}.{column} is not classified"));
            problems.AddRange(described.Fields.Keys.Except(columns).Select(column => $"{name} has no {column}"));
        }

        problems.AddRange(Others.Keys.Select(name => $"{name} is in the list and is no table, or is audited"));
        Assert.Empty(problems);
    }
}
