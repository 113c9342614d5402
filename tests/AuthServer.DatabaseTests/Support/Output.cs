using System.Diagnostics;
using System.Text;

namespace AuthServer.DatabaseTests.Support;

/// <summary>What a process writes, line by line.</summary>
internal sealed class Output
{
    private readonly StringBuilder lines = new();

    public string Text
    {
        get
        {
            lock (lines)
            {
                return lines.ToString();
            }
        }
    }

    public void Add(object sender, DataReceivedEventArgs line)
    {
        lock (lines)
        {
            lines.AppendLine(line.Data);
        }
    }
}
