using System.Diagnostics;
using System.Text;

namespace AuthServer.DatabaseTests.Support;

/// <summary>What a process writes, line by line, for when it does not do what it should.</summary>
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

    /// <summary>Starts the process and keeps what it writes to the streams that are redirected.</summary>
    public void Collect(Process process)
    {
        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
        process.Start();
        if (process.StartInfo.RedirectStandardOutput)
        {
            process.BeginOutputReadLine();
        }

        if (process.StartInfo.RedirectStandardError)
        {
            process.BeginErrorReadLine();
        }
    }

    private void Add(object sender, DataReceivedEventArgs line)
    {
        lock (lines)
        {
            lines.AppendLine(line.Data);
        }
    }
}
