using System.Diagnostics;

namespace Bench;

/// <summary>Another program on the machine, which always keeps all cores busy.</summary>
internal sealed class Neighbour : IDisposable
{
    private readonly List<Process> loops =
        [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"]))];

    public void Dispose()
    {
        foreach (var loop in loops)
        {
            loop.Kill();
            loop.WaitForExit();
            loop.Dispose();
        }
    }
}
