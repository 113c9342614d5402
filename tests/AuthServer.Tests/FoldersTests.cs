using House.Folders;

namespace AuthServer.Tests;

/// <summary>Folders build on each other: none knows one that knows it.</summary>
public sealed class FoldersTests
{
    [Theory]
    [InlineData("AuthServer")]
    [InlineData("ResourceApi")]
    [InlineData("SampleClient")]
    public void Folders_form_no_circle(string project) =>
        Assert.Equal([], Floors.Circles(Arrows.Of(project)).Select(arrow => $"{arrow.File} uses {arrow.Type}: {arrow.From} -> {arrow.To}"));

    [Fact]
    public void The_picture_of_the_floors_is_what_build_sh_docs_draws() =>
        Assert.Equal(FloorsPicture.Document.Make(), FloorsPicture.Document.Written);
}
