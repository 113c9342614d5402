using System.Globalization;

namespace Prove;

/// <summary>The results of an experiment: facts for the reader, and claims that are true or false.</summary>
/// <param name="seed">Decides the random choices of the run.</param>
/// <param name="judgesTimes">False on a machine that does other work, too: a time is then a fact for the reader only.</param>
/// <param name="output">Gets each line at once.</param>
internal sealed class Findings(int seed, bool judgesTimes = true, TextWriter? output = null)
{
    private readonly List<string> lines = [];
    private readonly List<string> broken = [];
    private string experiment = "";

    public bool Hold => broken.Count is 0;

    public IReadOnlyList<string> Broken => broken;

    public string Text => string.Join(Environment.NewLine, lines);

    /// <summary>Random numbers that are the same in every run with this seed, except for the timing of the machine.</summary>
    public Random Chance(int index = 0) => new(unchecked((seed * 7919) + index));

    /// <summary>Begins an experiment; the findings that follow belong to it.</summary>
    public void Begin(FormattableString name)
    {
        experiment = name.ToString(CultureInfo.InvariantCulture);
        Write($"  -- {experiment}");
    }

    public void Say(FormattableString fact) => Write($"     {fact.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Adds a claim, which is part of the verdict. It says what must be true, and what was found if it is false.</summary>
    public void Claim(bool holds, FormattableString claim)
    {
        var text = claim.ToString(CultureInfo.InvariantCulture);
        if (!holds)
        {
            broken.Add($"{experiment}: {text}");
        }

        Write($"   {(holds ? "✓" : "✗")} {text}");
    }

    /// <summary>Adds a claim that a slow machine can break.</summary>
    public void ClaimTime(bool holds, FormattableString claim)
    {
        if (judgesTimes)
        {
            Claim(holds, claim);
        }
        else
        {
            Say($"{(holds ? "" : "not judged, because the machine may be busy: not true that ")}{claim.ToString(CultureInfo.InvariantCulture)}");
        }
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
