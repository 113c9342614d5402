using System.Diagnostics;

namespace Rig;

/// <summary>What a process writes, line by line; of much of it, the last.</summary>
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
