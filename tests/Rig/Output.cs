using System.Diagnostics;

namespace Rig;

/// <summary>The output of a process, line by line. If there is too much of it, only the last lines are kept.</summary>
public sealed class Output
{
    private const int MostLines = 5000;

    private readonly Queue<string?> lines = new();

    public string Text
    {
        get
        {
            lock (lines)
            {
                return string.Join(Environment.NewLine, lines);
            }
        }
    }

    public void Add(object sender, DataReceivedEventArgs line)
    {
        ArgumentNullException.ThrowIfNull(line);
        lock (lines)
        {
            lines.Enqueue(line.Data);
            if (lines.Count > MostLines)
            {
                lines.Dequeue();
            }
        }
    }
}
