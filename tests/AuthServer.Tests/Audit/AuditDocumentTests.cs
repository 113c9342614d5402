using AuthServer.Audit;
using AuthServer.SecurityLog;
using House;

namespace AuthServer.Tests.Audit;

/// <summary>docs/audit.md lists every action, and every reason of a refused sign-in.</summary>
public sealed class AuditDocumentTests
{
    [Fact]
    public void Every_action_and_every_reason_of_a_refusal_is_explained()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "audit.md"));
        string[] notInTheAudit =
        [
            RefusalCodes.ClientRefused, RefusalCodes.RequestRefused, RefusalCodes.RefreshTokenReused, RefusalCodes.CodeReused,
        ];
        var codes = typeof(RefusalCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).Except(notInTheAudit);

        var missing = AuditActions.All.Concat(codes).Where(word => !text.Contains($"`{word}`", StringComparison.Ordinal)).ToList();

        Assert.True(missing.Count is 0, string.Join(", ", missing));
    }
}
