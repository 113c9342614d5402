namespace EndToEnd.Tests.OtherStacks;

/// <summary>Third-party programs, and the AuthServer that they share.</summary>
[CollectionDefinition(Name)]
public sealed class Stacks : ICollectionFixture<StacksIssuer>
{
    public const string Name = "other stacks";
}
