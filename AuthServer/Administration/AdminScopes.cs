using System.Collections.Frozen;

namespace AuthServer.Administration;

/// <summary>A scope of the administration API: a group of operations that a role can allow.</summary>
/// <param name="Name">In the protocol and in platform files.</param>
/// <param name="English">What it allows, for the consent page.</param>
/// <param name="IsOfPeople">True if a role can be limited to the users of other roles.</param>
internal sealed record AdminScope(string Name, string English, string Korean, bool IsOfPeople);

/// <summary>The closed list of these scopes.</summary>
internal static class AdminScopes
{
    /// <summary>
    /// In a role: every scope of this list, and those that later versions add. Not a scope of the protocol.
    /// </summary>
    public const string Everything = "admin.*";

    public const string UsersRead = "admin.users.read";
    public const string UsersWrite = "admin.users.write";
    public const string UsersCredentials = "admin.users.credentials";
    public const string UsersImpersonate = "admin.users.impersonate";
    public const string SessionsRead = "admin.sessions.read";
    public const string SessionsEnd = "admin.sessions.end";
    public const string AppsRead = "admin.apps.read";
    public const string AppsWrite = "admin.apps.write";
    public const string AppsCredentials = "admin.apps.credentials";
    public const string ApisRead = "admin.apis.read";
    public const string ApisWrite = "admin.apis.write";
    public const string RolesRead = "admin.roles.read";
    public const string RolesWrite = "admin.roles.write";
    public const string KeysRead = "admin.keys.read";
    public const string KeysWrite = "admin.keys.write";
    public const string AuditRead = "admin.audit.read";
    public const string PlatformRead = "admin.platform.read";
    public const string OutboxRead = "admin.outbox.read";
    public const string OutboxWrite = "admin.outbox.write";

    public static IReadOnlyList<AdminScope> All { get; } =
    [
        new(UsersRead, "See users", "사용자 보기", true),
        new(UsersWrite, "Add, change, lock and delete users", "사용자 추가, 변경, 잠금, 삭제", true),
        new(UsersCredentials, "Reset users' passwords, second factors and passkeys", "사용자의 비밀번호, 2단계 인증, 패스키 초기화", true),
        new(UsersImpersonate, "Act as users for a while", "일정 시간 사용자를 대신해 이용", true),
        new(SessionsRead, "See users' sign-ins", "사용자의 로그인 보기", true),
        new(SessionsEnd, "End users' sign-ins", "사용자의 로그인 종료", true),
        new(AppsRead, "See apps", "앱 보기", false),
        new(AppsWrite, "Add, change and delete apps", "앱 추가, 변경, 삭제", false),
        new(AppsCredentials, "Replace apps' secrets", "앱의 비밀 키 교체", false),
        new(ApisRead, "See APIs and scopes", "API와 권한 범위 보기", false),
        new(ApisWrite, "Change APIs and scopes", "API와 권한 범위 변경", false),
        new(RolesRead, "See roles", "역할 보기", false),
        new(RolesWrite, "Change roles", "역할 변경", false),
        new(KeysRead, "See signing keys", "서명 키 보기", false),
        new(KeysWrite, "Rotate and revoke signing keys", "서명 키 교체 및 폐기", false),
        new(AuditRead, "Read the audit", "감사 기록 읽기", true),
        new(PlatformRead, "Export the platform", "플랫폼 내보내기", false),
        new(OutboxRead, "See waiting mails and notices", "대기 중인 메일과 알림 보기", false),
        new(OutboxWrite, "Send waiting mails and notices again", "대기 중인 메일과 알림 다시 보내기", false),
    ];

    /// <summary>True if a role may have it: a name of the list, or <see cref="Everything"/>.</summary>
    public static bool IsPermission(string name) => name is Everything || ByName.ContainsKey(name);

    /// <summary>True if a role that is limited to some users may have it.</summary>
    public static bool IsOfPeople(string name) => ByName.TryGetValue(name, out var scope) && scope.IsOfPeople;

    public static FrozenDictionary<string, AdminScope> ByName { get; } =
        All.ToFrozenDictionary(scope => scope.Name, StringComparer.Ordinal);
}
