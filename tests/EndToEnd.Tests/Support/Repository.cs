using Rig;

namespace EndToEnd.Tests.Support;

/// <summary>The paths in the checkout from which the tests were built.</summary>
internal static class Repository
{
    public static string Root => Built.Root;

    public static string Snippets { get; } = Path.Combine(Root, "docs", "snippets");
}
