using House.Configuration;
using House.Folders;

namespace House;

/// <summary>Writes the files in <c>docs</c> that are made from the code. With <c>--check</c> it only compares them.</summary>
internal static class Program
{
    private const int Usage = 2;

    public static int Main(string[] arguments) => arguments switch
    {
        ["configuration"] => ConfigurationPage.Document.Write(),
        ["configuration", "--check"] => ConfigurationPage.Document.Check(),
        ["floors"] => FloorsPicture.Document.Write(),
        ["floors", "--check"] => FloorsPicture.Document.Check(),
        ["arrows", var project] => Print(project),
        _ => Help(),
    };

    // Shows why a folder is on its floor.
    private static int Print(string project)
    {
        foreach (var arrow in Arrows.Of(project))
        {
            Console.WriteLine($"{arrow.From} -> {arrow.To}: {arrow.File} uses {arrow.Type}");
        }

        return 0;
    }

    private static int Help()
    {
        Console.Error.WriteLine("usage: House (configuration | floors) [--check]\n       House arrows PROJECT");
        return Usage;
    }
}
