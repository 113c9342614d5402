using System.Globalization;

namespace Prove;

/// <summary>What an experiment has found: facts for the reader, and claims that hold or do not.</summary>
internal sealed class Findings(int seed, TextWriter? output = null)
{
    private readonly List<string> lines = [];
    private readonly List<string> broken = [];
    private string experiment = "";

    public bool Hold => broken.Count is 0;

    public IReadOnlyList<string> Broken => broken;

    public string Text => string.Join(Environment.NewLine, lines);

    /// <summary>Chance that the next run with the same seed has again, as far as the machine plays along.</summary>
    public Random Chance(int index = 0) => new(unchecked((seed * 7919) + index));

    /// <summary>What follows is of this experiment.</summary>
    public void Begin(FormattableString name)
    {
        experiment = name.ToString(CultureInfo.InvariantCulture);
        Write($"  -- {experiment}");
    }

    public void Say(FormattableString fact) => Write($"     {fact.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The claim is part of the verdict: it says what must be, and what was found if that is not so.</summary>
    public void Claim(bool holds, FormattableString claim)
    {
        var text = claim.ToString(CultureInfo.InvariantCulture);
        if (!holds)
        {
            broken.Add($"{experiment}: {text}");
        }

        Write($"   {(holds ? "✓" : "✗")} {text}");
    }

    private void Write(string line)
    {
        lock (lines)
        {
            lines.Add(line);
            output?.WriteLine(line);
        }
    }
}
