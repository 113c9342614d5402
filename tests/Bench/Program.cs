using Bench;

// ./build.sh bench [--quick] [--sqlite|--postgres] [startup] [scenario...]: exit code 0 when every target is met, 1 otherwise.
var unknown = args.Where(arg => arg is not ("--quick" or "--sqlite" or "--postgres" or Startup.Name) && Scenario.All.All(scenario => scenario.Name != arg)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"bench knows no {string.Join(", ", unknown)}. There are: {Startup.Name}, {string.Join(", ", Scenario.All.Select(scenario => scenario.Name))}.");
    return 2;
}

var rounds = args.Contains("--quick") ? 1 : 5;
var named = Scenario.All.Where(scenario => args.Contains(scenario.Name)).ToList();
var all = named.Count is 0 && !args.Contains(Startup.Name);
var scenarios = all ? Scenario.All : named;
var databases = Enum.GetValues<Database>().Where(database => !args.Contains(database is Database.Postgres ? "--sqlite" : "--postgres")).ToList();
var met = true;
if (all || args.Contains(Startup.Name))
{
    met &= await Startup.RunAsync(databases, args.Contains("--quick") ? 3 : 15);
}

foreach (var database in databases.Where(_ => scenarios.Count > 0))
{
    met &= await Comparison.RunAsync(database, scenarios, rounds);
}

Console.WriteLine(met ? "Every target is met." : "Not every target is met.");
return met ? 0 : 1;
