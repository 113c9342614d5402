using House.Configuration;

namespace House;

/// <summary>Pages of <c>docs</c> that are made from the code. <c>--check</c> compares and writes nothing.</summary>
internal static class Program
{
    private const int Usage = 2;

    public static int Main(string[] arguments) => arguments switch
    {
        ["configuration"] => ConfigurationPage.Document.Write(),
        ["configuration", "--check"] => ConfigurationPage.Document.Check(),
        _ => Help(),
    };

    private static int Help()
    {
        Console.Error.WriteLine("usage: House configuration [--check]");
        return Usage;
    }
}
