using Rig;

namespace Prove;

/// <summary>Resident memory of a process over time, in MiB.</summary>
internal sealed class Memory
{
    private readonly List<double> samples = [];
    private readonly int processId;
    private readonly Task sampling;
    private volatile bool isOver;

    private Memory(int processId, TimeSpan interval)
    {
        this.processId = processId;
        sampling = SampleAsync(interval);
    }

    public double First => samples[0];

    public double Last => samples[^1];

    /// <summary>
    /// The peak over the whole life of the process, from the operating system, so it does not depend on the samples.
    /// </summary>
    public double Peak { get; private set; }

    public static Memory Watch(int processId, TimeSpan interval) => new(processId, interval);

    public async Task StopAsync()
    {
        isOver = true;
        await sampling;
        Peak = ProcessCost.PeakResidentMiBOfTree(processId);
    }

    /// <summary>The median of the first, second or last third.</summary>
    public double Third(int number)
    {
        var third = samples.Skip(number * samples.Count / 3).Take(samples.Count / 3).Order().ToList();
        return third[third.Count / 2];
    }

    private async Task SampleAsync(TimeSpan interval)
    {
        while (!isOver)
        {
            samples.Add(ProcessCost.ResidentMiBOfTree(processId));
            await Task.Delay(interval);
        }
    }
}
