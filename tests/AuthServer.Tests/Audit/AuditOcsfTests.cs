using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Operations;

namespace AuthServer.Tests.Audit;

/// <summary>
/// Events in OCSF: what version 1.1 of the schema demands of the three classes (required attributes, known attributes, numbers of activities,
/// at least one of service and destination). Written down here from the schema's sources, because its server cannot be asked in a build.
/// </summary>
public sealed class AuditOcsfTests
{
    private static readonly string[] OfEveryClass =
    [
        "activity_id", "activity_name", "actor", "category_uid", "class_uid", "metadata", "severity_id", "status_detail", "status_id", "time",
        "type_uid",
    ];

    private static readonly Dictionary<int, (int LastActivity, string[] Required, string[] Known)> Classes = new()
    {
        [3001] = (11, ["user"], ["user", "src_endpoint", "http_request"]),
        [3002] = (5, ["user", "service"], ["user", "service", "session", "src_endpoint", "http_request"]),
        [3004] = (4, ["entity"], ["entity"]),
    };

    [Fact]
    public void Every_action_is_a_valid_event()
    {
        foreach (var action in AuditActions.All)
        {
            foreach (var (kind, id) in new[]
            {
                (AuditActorKind.Person, "01a22de2-b655-7178-bae5-9fae00000000"), (AuditActorKind.Person, null), (AuditActorKind.Client, "orders"),
                (AuditActorKind.Operator, "root"), (AuditActorKind.System, (string?)null),
            })
            {
                Check(action, JsonSerializer.SerializeToElement(AuditOcsf.Of(EventOf(action, kind, id)), JsonSerializerOptions.Web));
            }
        }
    }

    private static ReadableEvent EventOf(string action, AuditActorKind kind, string? actor) => new(
        new AuditEvent
        {
            Id = Guid.CreateVersion7(),
            At = DateTimeOffset.UnixEpoch.AddDays(20000),
            ActorKind = kind.ToString(),
            ActorId = actor,
            Action = action,
            TargetKind = action.Split('.')[0] is "user" or "consent" or "device" ? AuditTargets.User
                : action.Split('.')[0] is "session" or "sign_in" ? AuditTargets.Session
                : action.Split('.')[0],
            TargetId = "target",
            Reason = "reason",
            TraceId = "trace",
        },
        new PersonalDetails { Address = "192.0.2.1", UserAgent = "Test/1" });

    private static void Check(string action, JsonElement entry)
    {
        Number(entry, "category_uid", 3);
        var kind = entry.GetProperty("class_uid").GetInt32();
        var (last, required, known) = Classes[kind];
        var activity = entry.GetProperty("activity_id").GetInt32();
        Assert.True(activity is 99 || (activity >= 1 && activity <= last), $"{action}: activity {activity}");
        Number(entry, "type_uid", (kind * 100) + activity);
        Number(entry, "time", 1_728_000_000_000);
        Assert.Equal(action, entry.GetProperty("activity_name").GetString());
        Assert.Equal("AuthPlatform", entry.GetProperty("metadata").GetProperty("product").GetProperty("vendor_name").GetString());
        Assert.Equal("1.1.0", entry.GetProperty("metadata").GetProperty("version").GetString());
        var names = entry.EnumerateObject().Select(property => property.Name).ToList();
        Assert.Empty(required.Except(names));
        Assert.Empty(names.Except([.. OfEveryClass, .. known]));
        Assert.All(
            [entry.GetProperty("actor").GetProperty("user"), entry.TryGetProperty("user", out var user) ? user : default],
            one => Assert.True(
                one.ValueKind is JsonValueKind.Undefined || one.TryGetProperty("uid", out _) || one.TryGetProperty("name", out _), action));
    }

    private static void Number(JsonElement entry, string name, long value) => Assert.Equal(value, entry.GetProperty(name).GetInt64());
}
