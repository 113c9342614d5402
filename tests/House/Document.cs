namespace House;

/// <summary>A file of the repository that is made from the code.</summary>
/// <param name="Name">Relative to the root of the repository.</param>
/// <param name="Make">Returns its text.</param>
internal sealed record Document(string Name, Func<string> Make)
{
    private string File => Path.Combine(Repository.Root, Name);

    public string Written => System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File) : "";

    public int Write()
    {
        System.IO.File.WriteAllText(File, Make());
        Console.WriteLine($"wrote {Name}");
        return 0;
    }

    /// <returns>0 if the file is up to date, otherwise 1.</returns>
    public int Check()
    {
        string[] written = Written.Split('\n'), made = Make().Split('\n');
        var line = written.Zip(made).TakeWhile(pair => pair.First == pair.Second).Count();
        if (line == written.Length && line == made.Length)
        {
            return 0;
        }

        Console.Error.WriteLine($"{Name} is out of date from line {line + 1} on: ./build.sh docs");
        Console.Error.WriteLine($"  it says:        {written.ElementAtOrDefault(line)}");
        Console.Error.WriteLine($"  the code says:  {made.ElementAtOrDefault(line)}");
        return 1;
    }
}
