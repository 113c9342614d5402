namespace AuthServer.CommandLine;

/// <summary>One line on standard error that says how far a long command is, and goes away at its end. Only at a terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private int width;

    public void Tell(string what, int done, int all)
    {
        if (!Console.IsErrorRedirected)
        {
            Write($"{what}: {done} of {all}");
        }
    }

    public void Dispose()
    {
        if (width > 0)
        {
            Write("");
            Console.Error.Write('\r');
        }
    }

    private void Write(string text)
    {
        Console.Error.Write('\r' + text.PadRight(width));
        width = text.Length;
    }
}
