using System.Net;
using AuthServer.Administration;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>
/// Every operation on a person × six kinds of administrators × four kinds of targets. What comes out is compared with a rule that this
/// test has for itself, and nothing of a person whom the caller may not see is in any answer.
/// </summary>
public sealed class AdminMatrixTests
{
    private enum Target
    {
        /// <summary>In the role that the limited administrator administers.</summary>
        Inside,

        /// <summary>In no role.</summary>
        Outside,

        /// <summary>Inside, and an administrator who may do everything.</summary>
        Powerful,

        /// <summary>The caller.</summary>
        Self,
    }

    private static readonly string[] Everything = [.. AdminScopes.All.Select(scope => scope.Name)];

    private static readonly Dictionary<string, (string[] Scopes, bool IsLimited)> Kinds = new(StringComparer.Ordinal)
    {
        ["root"] = (Everything, false),
        ["helen"] = (
            ["admin.users.read", "admin.users.write", "admin.users.credentials", "admin.users.impersonate", "admin.sessions.read", "admin.sessions.end",
                "admin.audit.read"],
            true),
        ["audrey"] = (["admin.users.read", "admin.sessions.read", "admin.audit.read", "admin.roles.read", "admin.apps.read"], false),
        ["rita"] = (
            ["admin.users.read", "admin.users.write", "admin.users.credentials", "admin.sessions.read", "admin.sessions.end"], false),
        ["robot"] = (["admin.users.read", "admin.users.write", "admin.users.credentials", "admin.roles.write"], false),
        ["dave"] = ([], false),
    };

    // Deleting comes last. A role that allows nothing here is the caller's to give only if it is theirs, or they may change roles.
    private static readonly (string Method, string Path, string? Body, string Scope, bool IsFresh, bool Changes)[] Operations =
    [
        ("GET", "users/{id}", null, "admin.users.read", false, false),
        ("GET", "users?id={id}", null, "admin.users.read", false, false),
        ("GET", "users?email={email}", null, "admin.users.read", false, false),
        ("GET", "users?session={session}", null, "admin.users.read", false, false),
        ("GET", "sessions/{session}", null, "admin.sessions.read", false, false),
        ("GET", "sessions?user={id}", null, "admin.sessions.read", false, false),
        ("POST", "sessions:bulk", """{ "action": "end", "filter": { "user": "{id}" } }""", "admin.sessions.end", true, false),
        ("POST", "users:bulk", """{ "action": "delete", "filter": { "ids": ["{id}"] } }""", "admin.users.write", true, false),
        ("PATCH", "users/{id}", """{ "displayName": "New" }""", "admin.users.write", false, true),
        ("PATCH", "users/{id}", """{ "emailConfirmed": true }""", "admin.users.write admin.users.credentials", true, true),
        ("POST", "users/{id}/invite", null, "admin.users.write", false, true),
        ("POST", "sessions/{session}/end", null, "admin.sessions.end", false, true),
        ("POST", "users/{id}/unlock", null, "admin.users.write", false, true),
        ("POST", "users/{id}/impersonations", """{ "reason": "Ticket 4711" }""", "admin.users.impersonate", true, true),
        ("POST", "users/{id}/reset-factors", null, "admin.users.credentials", true, true),
        ("POST", "users/{id}/password", """{ "password": "correct-horse-quartz" }""", "admin.users.credentials", true, true),
        ("POST", "users/{id}/lock", null, "admin.users.write", false, true),
        ("DELETE", "users/{id}", null, "admin.users.write", true, true),
    ];

    [Fact]
    public async Task Nobody_sees_or_does_more_than_is_allowed()
    {
        await using var app = await AdminPlatform.StartAsync(("Impersonation:Enabled", "true"));
        var problems = new List<string>();
        var count = 0;
        foreach (var (kind, power) in Kinds)
        {
            foreach (var target in Enum.GetValues<Target>().Where(target => target is not Target.Self || kind is "audrey" or "dave"))
            {
                var person = await PersonAsync(app, kind, target, count);
                foreach (var operation in Operations)
                {
                    // The sign-in of the target ends with some operations, and so does the caller's if they are the target.
                    var caller = kind is "robot"
                        ? await app.RobotAsync("admin.users.read admin.users.write admin.users.credentials")
                        : await Callers(app, kind);
                    var answer = await caller.SendAsync(
                        HttpMethod.Parse(operation.Method), Fill(operation.Path, person), operation.Body is null ? null : Fill(operation.Body, person),
                        ("If-Match", "*"));
                    count++;
                    var expected = Expected(operation, kind, power, target);
                    var found = Found(answer);
                    if (found != expected)
                    {
                        problems.Add($"{kind}, {target}: {operation.Method} {operation.Path}: {found}, expected {expected}: {answer.Body}");
                    }

                    if (expected is "not-found" or "empty" or "insufficient-scope"
                        && (answer.Body.Contains(person.Email, StringComparison.OrdinalIgnoreCase)
                            || answer.Body.Contains(person.DisplayName, StringComparison.Ordinal)))
                    {
                        problems.Add($"{kind}, {target}: {operation.Method} {operation.Path} names the person: {answer.Body}");
                    }
                }
            }
        }

        Assert.Empty(problems);
        Assert.True(count > 280, $"{count} cases");
    }

    private readonly Dictionary<string, Task<AdminDriver>> callers = new(StringComparer.Ordinal);

    private Task<AdminDriver> Callers(AuthServerApp app, string kind) =>
        callers.TryGetValue(kind, out var known) ? known : callers[kind] = app.AdminAsync(kind);

    private static string Expected(
        (string Method, string Path, string? Body, string Scope, bool IsFresh, bool Changes) operation, string kind,
        (string[] Scopes, bool IsLimited) power, Target target)
    {
        var isList = operation.Path.Contains('?') || operation.Path.EndsWith(":bulk", StringComparison.Ordinal);
        if (!operation.Scope.Split(' ').All(scope => power.Scopes.Contains(scope)))
        {
            return "insufficient-scope";
        }

        // The second scope of a new address is asked for after the person was found.
        var asksLate = operation.Scope.Contains(' ', StringComparison.Ordinal);
        if (operation.IsFresh && kind is "robot" && !asksLate)
        {
            return "fresh-sign-in-needed";
        }

        if (power.IsLimited && target is not (Target.Inside or Target.Powerful))
        {
            return isList ? "empty" : "not-found";
        }

        // Nobody can act as an administrator, not even one who may do everything else to them.
        if (target is Target.Powerful && operation.Scope is "admin.users.impersonate")
        {
            return "too-powerful";
        }

        if (target is Target.Powerful && kind is not "root")
        {
            if (operation.Changes)
            {
                return "too-powerful";
            }

            if (operation.Path.EndsWith(":bulk", StringComparison.Ordinal))
            {
                return "empty";
            }
        }

        return operation.IsFresh && kind is "robot" ? "fresh-sign-in-needed" : "done";
    }

    private static string Found(Answer answer)
    {
        if (answer.Status is HttpStatusCode.NoContent or HttpStatusCode.Created)
        {
            return "done";
        }

        if (answer["type"] is { } type)
        {
            return type.Split('/')[^1];
        }

        return answer.Status is HttpStatusCode.OK
            ? answer["count"] is { } number ? number is "0" ? "empty" : "done"
                : answer.Json.TryGetProperty("items", out var items) && items.GetArrayLength() is 0 ? "empty" : "done"
            : answer.Status.ToString();
    }

    private static string Fill(string text, (Guid Id, string Email, string DisplayName, Guid Session) person) => text
        .Replace("{id}", person.Id.ToString(), StringComparison.Ordinal)
        .Replace("{email}", person.Email, StringComparison.Ordinal)
        .Replace("{session}", person.Session.ToString(), StringComparison.Ordinal);

    // Written to the database, so that no operation under test takes part.
    private static async Task<(Guid Id, string Email, string DisplayName, Guid Session)> PersonAsync(
        AuthServerApp app, string kind, Target target, int number)
    {
        if (target is Target.Self)
        {
            var own = await app.IdOfAsync(kind);
            return (own, $"{kind}@example.test", $"Nobody {number}", await SessionAsync(app, own));
        }

        var root = await app.AdminAsync("root");
        var email = $"target{number}-{target}@example.test".ToLowerInvariant();
        var roles = target switch
        {
            Target.Inside => """["customer"]""",
            Target.Powerful => """["customer", "owner"]""",
            _ => "[]",
        };
        var added = (await root.PostAsync(
            "users", $$"""{ "email": "{{email}}", "displayName": "Secret {{number}}", "emailConfirmed": true, "roles": {{roles}} }"""))
            .AssertStatus(HttpStatusCode.Created);
        var id = Guid.Parse(added["id"]!);
        return (id, email, $"Secret {number}", await SessionAsync(app, id));
    }

    private static async Task<Guid> SessionAsync(AuthServerApp app, Guid user)
    {
        var id = Guid.CreateVersion7();
        var now = app.Clock.GetUtcNow().UtcTicks;
        await app.SqlAsync($"""
            INSERT INTO Sessions (Id, UserId, CreatedAt, AuthenticatedAt, LastSeenAt, ExpiresAt, Methods, SecurityStamp)
            SELECT '{id}', Id, {now}, {now}, {now}, {now + TimeSpan.TicksPerDay}, 'pwd', SecurityStamp FROM Users WHERE lower(Id) = '{user}'
            """.Replace($"'{id}'", $"'{id.ToString().ToUpperInvariant()}'", StringComparison.Ordinal));
        return id;
    }
}
