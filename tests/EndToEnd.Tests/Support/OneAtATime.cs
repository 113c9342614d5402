namespace EndToEnd.Tests.Support;

/// <summary>The tests of this collection share the programs; some tests kill them.</summary>
internal static class OneAtATime
{
    public const string Name = "one at a time";
}
