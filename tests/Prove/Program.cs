using Prove;

// ./build.sh prove [--short] [--seed N] [scenario...]: exit code 0 if every claim holds, otherwise 1.
var names = new List<string>();
var (isShort, seed) = (false, Random.Shared.Next(1_000_000));
for (var index = 0; index < args.Length; index++)
{
    switch (args[index])
    {
        case "--short":
            isShort = true;
            break;
        case "--seed" when index + 1 < args.Length && int.TryParse(args[index + 1], out var number):
            (seed, index) = (number, index + 1);
            break;
        case var name when Scenario.All.Any(scenario => scenario.Name == name):
            names.Add(name);
            break;
        default:
            Console.Error.WriteLine($"prove: unknown argument {args[index]}. Known arguments: --short, --seed NUMBER, "
                + $"{string.Join(", ", Scenario.All.Select(scenario => scenario.Name))}.");
            return 2;
    }
}

Console.WriteLine($"seed {seed}{(isShort ? ", short" : "")}");
var held = true;
foreach (var scenario in Scenario.All.Where(scenario => names.Count is 0 || names.Contains(scenario.Name)))
{
    held &= await scenario.RunAsync(seed, isShort);
}

Console.WriteLine(held ? "Every claim holds." : "Not every claim holds.");
return held ? 0 : 1;
