using Bench;

// ./build.sh bench [--quick] [--sqlite|--postgres] [scenario...]: exit code 0 when every target is met, 1 otherwise.
var unknown = args.Where(arg => arg is not ("--quick" or "--sqlite" or "--postgres") && Scenario.All.All(scenario => scenario.Name != arg)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"bench knows no {string.Join(", ", unknown)}. There are: {string.Join(", ", Scenario.All.Select(scenario => scenario.Name))}.");
    return 2;
}

var rounds = args.Contains("--quick") ? 1 : 5;
var named = Scenario.All.Where(scenario => args.Contains(scenario.Name)).ToList();
var scenarios = named.Count > 0 ? named : Scenario.All;
var met = true;
if (!args.Contains("--sqlite"))
{
    met &= await Comparison.RunAsync(Database.Postgres, scenarios, rounds);
}

if (!args.Contains("--postgres"))
{
    met &= await Comparison.RunAsync(Database.Sqlite, scenarios, rounds);
}

Console.WriteLine(met ? "Every target is met." : "Not every target is met.");
return met ? 0 : 1;
