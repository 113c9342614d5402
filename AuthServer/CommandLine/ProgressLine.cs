namespace AuthServer.CommandLine;

/// <summary>
/// One line on standard error with the progress of a long command. It is cleared at the end and only written to a terminal.
/// </summary>
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
