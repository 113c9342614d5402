namespace EndToEnd.Tests.OtherStacks;

/// <summary>Programs that are not ours, and the AuthServer that they share.</summary>
[CollectionDefinition(Name)]
public sealed class Stacks : ICollectionFixture<StacksIssuer>
{
    public const string Name = "other stacks";
}
