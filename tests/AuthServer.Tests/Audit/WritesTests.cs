using System.Text.RegularExpressions;
using House;

namespace AuthServer.Tests.Audit;

/// <summary>
/// Statements that bypass the context's change tracker are not seen by the audit's interceptor. Each is inside a call of
/// <c>RecordAsync</c>, or is listed here with the reason why it is no change that anybody would ask about.
/// </summary>
public sealed partial class WritesTests
{
    private static readonly Dictionary<string, string> Unrecorded = new(StringComparer.Ordinal)
    {
        ["Account/SignInSteps.cs"] = "the language that the pages have noticed",
        ["AdminApi/BulkPlans.cs"] = "what is to be done: each change of its items is recorded",
        ["AdminApi/AdminTransaction.cs"] = "answers to requests whose changes are recorded",
        ["Administration/RolePermissions.cs"] = "changes nothing: it only makes others wait",
        ["Audit/PersonKey.cs"] = "the audit itself",
        ["AuditSeals/AuditPruning.cs"] = "signed by a checkpoint",
        ["Connect/Handlers/RequestValidation/ExtendPushedRequest.cs"] = "how long a request is kept",
        ["Connect/Handlers/TokenMaking/ExpireAnsweredRequest.cs"] = "how long a request is kept",
        ["Connect/Refresh/Redeemer.cs"] = "refreshes: the lineage has them",
        ["Data/DatabaseMigrator.cs"] = "the schema",
        ["Data/Leases.cs"] = "which node works",
        ["Data/ReadCommittedSnapshot.cs"] = "a setting of the database",
        ["Data/SharedSecrets.cs"] = "random values that nodes share",
        ["Device/Index.cshtml.cs"] = "how long a device code is kept",
        ["Keys/KeyRotation.cs"] = "how long a key is kept",
        ["Logout/LogoutDelivery.cs"] = "when a notice is due",
        ["Operations/OutboxOperations.cs"] = "when a message is due",
        ["Outbox/OutboxDelivery.cs"] = "when a message is due",
        ["Passwords/PasswordVerifier.cs"] = "a better hash of the same password",
        ["Pruning/PruningRun.cs"] = "expired rows",
        ["SecondFactors/Authenticators.cs"] = "counters, and the mark on the account: the change of the authenticator is recorded",
        ["SecondFactors/RememberedBrowsers.cs"] = "when a browser was last seen, and expired rows",
        ["Sessions/AccountRemoval.cs"] = "user.deleted records it",
        ["Sessions/BrowserSessions.cs"] = "when a session was last seen, and stamps of a change that is recorded",
        ["Sessions/Impersonations.cs"] = "an administrator's cookie, which another one replaces: impersonation.started records it",
        ["Sessions/SessionEnd.cs"] = "recorded in the same transaction, row by row",
        ["SupportCodes/StepWriter.cs"] = "steps that have no room",
        ["Users/Lockout.cs"] = "counters; a lock is recorded",
    };

    [Fact]
    public void Every_statement_that_bypasses_the_tracker_is_recorded_or_says_why_not()
    {
        var unused = Unrecorded.Keys.ToHashSet(StringComparer.Ordinal);
        var problems = new List<string>();
        var root = Path.Combine(Repository.Root, "AuthServer");
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (name.StartsWith("Data/Migrations/", StringComparison.Ordinal) || name.StartsWith("Data/Compiled/", StringComparison.Ordinal))
            {
                continue;
            }

            var text = File.ReadAllText(file);
            foreach (var write in Write().EnumerateMatches(text))
            {
                if (IsRecorded(text, write.Index))
                {
                    continue;
                }

                if (Unrecorded.ContainsKey(name))
                {
                    unused.Remove(name);
                    continue;
                }

                problems.Add($"{name}, line {text.AsSpan(0, write.Index).Count('\n') + 1}: {text.AsSpan(write.Index, write.Length)}");
            }
        }

        Assert.Empty(problems);
    }

    // The parentheses around the statement: one of them belongs to the call of RecordAsync.
    private static bool IsRecorded(string text, int at)
    {
        var depth = 0;
        for (var index = at; index >= 0 && text[index] is not (';' or '{' or '}'); index--)
        {
            depth += text[index] switch { ')' => 1, '(' => -1, _ => 0 };
            if (depth < 0)
            {
                depth = 0;
                if (text.AsSpan(0, index).EndsWith("RecordAsync"))
                {
                    return true;
                }
            }
        }

        return false;
    }

    [GeneratedRegex(@"\bExecute(Update|Delete|Sql\w*)Async\(")]
    private static partial Regex Write();
}
