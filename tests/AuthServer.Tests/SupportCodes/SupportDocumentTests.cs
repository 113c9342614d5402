using AuthServer.SupportCodes;
using House;

namespace AuthServer.Tests.SupportCodes;

/// <summary>docs/support.md and the command have words for each step and each reason.</summary>
public sealed class SupportDocumentTests
{
    [Theory]
    [InlineData(typeof(SupportSteps))]
    [InlineData(typeof(SupportReasons))]
    public void Every_step_and_every_reason_is_explained(Type names)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "support.md"));
        var all = names.GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.True(all.Count > 10, $"{names.Name} has {all.Count} names");
        Assert.All(all, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
        Assert.Equal(all.Order(StringComparer.Ordinal), (names == typeof(SupportSteps) ? SupportSteps.Words : SupportReasons.Words).Keys.Order(StringComparer.Ordinal));
    }
}
