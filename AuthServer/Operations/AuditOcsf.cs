using System.Text.Json.Nodes;
using AuthServer.Audit;
using AuthServer.Hosting;

namespace AuthServer.Operations;

/// <summary>
/// Events in the Open Cybersecurity Schema Framework 1.1 (schema.ocsf.io), with nothing that only later versions have: sign-ins as
/// Authentication (3002), changes of accounts as Account Change (3001), everything else as Entity Management (3004).
/// </summary>
internal static class AuditOcsf
{
    private const string Version = "1.1.0";
    private const int AccountChange = 3001;
    private const int Authentication = 3002;
    private const int EntityManagement = 3004;
    private const int Other = 99;

    // The kinds of a user.
    private const int User = 1;
    private const int Admin = 2;
    private const int System = 3;

    // Class and activity of each action. What has no number of its own is Other (99) with its name.
    private static readonly Dictionary<string, (int Class, int Activity)> Known = new(StringComparer.Ordinal)
    {
        [AuditActions.SignInPassed] = (Authentication, 1),
        [AuditActions.SignInRefused] = (Authentication, 1),
        [AuditActions.AppSignedIn] = (Authentication, 1),
        [AuditActions.ImpersonationStarted] = (Authentication, 1),
        [AuditActions.ImpersonationEnded] = (Authentication, 2),
        [AuditActions.SessionEnded] = (Authentication, 2),
        [AuditActions.AppSignedOut] = (Authentication, 2),
        [AuditActions.UserCreated] = (AccountChange, 1),
        [AuditActions.UserEnabled] = (AccountChange, 2),
        [AuditActions.PasswordChanged] = (AccountChange, 3),
        [AuditActions.PasswordReset] = (AccountChange, 4),
        [AuditActions.UserDisabled] = (AccountChange, 5),
        [AuditActions.UserDeleted] = (AccountChange, 6),
        [AuditActions.UserRoleGiven] = (AccountChange, 7),
        [AuditActions.UserRoleTaken] = (AccountChange, 8),
        [AuditActions.UserLocked] = (AccountChange, 9),
        [AuditActions.AuthenticatorAdded] = (AccountChange, 10),
        [AuditActions.PasskeyAdded] = (AccountChange, 10),
        [AuditActions.AuthenticatorRemoved] = (AccountChange, 11),
        [AuditActions.PasskeyRemoved] = (AccountChange, 11),
        [AuditActions.ClientCreated] = (EntityManagement, 1),
        [AuditActions.ScopeCreated] = (EntityManagement, 1),
        [AuditActions.RoleCreated] = (EntityManagement, 1),
        [AuditActions.KeyCreated] = (EntityManagement, 1),
        [AuditActions.ClientChanged] = (EntityManagement, 3),
        [AuditActions.ScopeChanged] = (EntityManagement, 3),
        [AuditActions.RoleChanged] = (EntityManagement, 3),
        [AuditActions.ClientDeleted] = (EntityManagement, 4),
        [AuditActions.ScopeDeleted] = (EntityManagement, 4),
        [AuditActions.RoleDeleted] = (EntityManagement, 4),
        [AuditActions.KeyDeleted] = (EntityManagement, 4),
    };

    public static JsonObject Of(ReadableEvent row)
    {
        var entry = row.Event;
        var (kind, activity) = Known.TryGetValue(entry.Action, out var known) ? known : (ClassOf(entry), Other);
        var result = new JsonObject
        {
            ["category_uid"] = 3,
            ["class_uid"] = kind,
            ["activity_id"] = activity,
            ["activity_name"] = entry.Action,
            ["type_uid"] = (kind * 100) + activity,
            ["severity_id"] = 1,
            ["time"] = entry.At.ToUnixTimeMilliseconds(),
            ["status_id"] = entry.IsRefused ? 2 : 1,
            ["metadata"] = new JsonObject
            {
                ["version"] = Version,
                ["uid"] = entry.Id.ToString(),
                ["correlation_uid"] = entry.TraceId,
                ["product"] = new JsonObject
                {
                    ["name"] = "AuthServer",
                    ["vendor_name"] = "AuthPlatform",
                    ["version"] = ProgramVersion.Text,
                },
            },
            ["actor"] = ActorOf(entry),
        };
        if (entry.Reason is { } reason)
        {
            result["status_detail"] = reason;
        }

        // The class Entity Management has no place for them.
        if (row.Address is { } address && kind is not EntityManagement)
        {
            result["src_endpoint"] = new JsonObject { ["ip"] = address };
        }

        if (row.UserAgent is { } agent && kind is not EntityManagement)
        {
            result["http_request"] = new JsonObject { ["user_agent"] = agent };
        }

        switch (kind)
        {
            case Authentication:
                result["user"] = UserOf(entry);
                result["service"] = new JsonObject { ["name"] = AuditView.ChangesOf(row).GetValueOrDefault("client")?.After ?? "AuthServer" };
                if (entry.TargetKind is AuditTargets.Session)
                {
                    result["session"] = new JsonObject { ["uid"] = entry.TargetId };
                }

                break;
            case AccountChange:
                result["user"] = UserOf(entry);
                break;
            default:
                result["entity"] = new JsonObject { ["type"] = entry.TargetKind, ["uid"] = entry.TargetId };
                break;
        }

        return result;
    }

    private static int ClassOf(AuditEvent entry) => entry.TargetKind switch
    {
        AuditTargets.Session => Authentication,
        AuditTargets.User => AccountChange,
        _ => EntityManagement,
    };

    private static JsonObject UserOf(AuditEvent entry) => new()
    {
        ["uid"] = entry.PersonId?.ToString() ?? (entry.TargetKind is AuditTargets.User ? entry.TargetId : null) ?? "unknown",
        ["type_id"] = User,
    };

    private static JsonObject ActorOf(AuditEvent entry) => new()
    {
        ["user"] = entry switch
        {
            { ActorKind: nameof(AuditActorKind.Person), ActorId: { } person } => new JsonObject { ["uid"] = person, ["type_id"] = User },
            { ActorKind: nameof(AuditActorKind.Operator), ActorId: { } account } => new JsonObject { ["name"] = account, ["type_id"] = Admin },
            { ActorId: { } app } => new JsonObject { ["name"] = app, ["type_id"] = System },
            { ActorKind: nameof(AuditActorKind.Person) } => new JsonObject { ["name"] = "unknown", ["type_id"] = User },
            _ => new JsonObject { ["name"] = "AuthServer", ["type_id"] = System },
        },
    };
}
