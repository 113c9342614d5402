using House.Folders;

namespace AuthServer.Tests;

/// <summary>Folders depend on each other without a circle.</summary>
public sealed class FoldersTests
{
    [Theory]
    [InlineData("AuthServer")]
    [InlineData("ResourceApi")]
    [InlineData("SampleClient")]
    public void Folders_form_no_circle(string project) =>
        Assert.Equal([], Floors.Circles(Arrows.Of(project)).Select(arrow => $"{arrow.File} uses {arrow.Type}: {arrow.From} -> {arrow.To}"));

    [Fact]
    public void The_core_of_SampleClient_uses_no_chapter() =>
        Assert.DoesNotContain(Arrows.Of("SampleClient"), arrow => arrow.To is "Chapters");

    [Fact]
    public void SampleClient_compiles_without_its_chapters() => Assert.Equal([], Remainder.ErrorsWithout("SampleClient", "Chapters"));

    [Fact]
    public void The_picture_of_the_floors_matches_the_output_of_build_sh_docs() =>
        Assert.Equal(FloorsPicture.Document.Make(), FloorsPicture.Document.Written);
}
