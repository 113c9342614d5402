using System.Globalization;
using Bench;

// ./build.sh bench [--quick|--once] [--sqlite|--postgres] [--neighbour] [--beside FOLDER] [scenario...]: exit code 0 if every target is
// met, otherwise 1. Without a scenario: the startup, and all kinds of requests beside the peer and the stock server, on both databases.
// --quick sends a fifth of the requests: too few to judge a target, so its exit code is 0 if everything could be measured.
// --once measures one round where others measure several. --beside compares with another published AuthServer instead, such as that of
// the commit before, when both are warm. The name of a server (peer, stock, django) leaves out the others.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] known =
[
    "--quick",
    "--once",
    "--sqlite",
    "--postgres",
    "--neighbour",
    Startup.Name,
    Scale.Name,
    Rows.Name,
    Prune.Name,
    Audit.Name,
    Lists.Name,
    .. Scenario.All.Select(scenario => scenario.Name),
    .. Server.Others.Keys,
];
var beside = args.SkipWhile(arg => arg is not "--beside").Skip(1).FirstOrDefault();
args = [.. args.Where(arg => arg is not "--beside" && arg != beside)];
var unknown = args.Except(known).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"bench: unknown argument {string.Join(", ", unknown)}. Known arguments: {string.Join(", ", known)}.");
    return 2;
}

var isQuick = args.Contains("--quick");
var isOnce = isQuick || args.Contains("--once");
var rounds = isOnce ? 1 : 5;
var others = Server.Others.Where(other => args.Contains(other.Key)).Select(other => other.Value).ToList();
Server[] servers = [Server.AuthServer, .. others.Count > 0 ? others : Server.Others.Values];
var isAll = !args.Any(arg => arg[0] is not '-' && !Server.Others.ContainsKey(arg));
var scenarios = Scenario.All.Where(scenario => isAll || args.Contains(scenario.Name))
    .Select(scenario => isQuick ? scenario.Quick : scenario).ToList();
var databases = Enum.GetValues<Database>()
    .Where(database => !args.Contains(database is Database.Postgres ? "--sqlite" : "--postgres")).ToList();
var met = true;
if ((isAll && beside is null) || args.Contains(Startup.Name))
{
    met &= await Startup.RunAsync(databases, servers, isOnce ? 3 : 15);
}

foreach (var database in databases.Where(_ => scenarios.Count > 0))
{
    if (beside is not null)
    {
        met &= await Beside.RunAsync(database, Path.GetFullPath(beside), scenarios, isOnce ? 3 : 9);
        continue;
    }

    if (!args.Contains("--neighbour"))
    {
        met &= await Regimes.RunAsync(database, servers, scenarios, isOnce ? 1 : 3, isToTheEnd: true);
    }

    if (isAll || args.Contains("--neighbour"))
    {
        using var neighbour = new Neighbour();
        Console.WriteLine();
        Console.WriteLine("Beside a neighbour that keeps all cores busy:");
        met &= await Regimes.RunAsync(database, servers, scenarios, rounds: 1, isToTheEnd: false);
    }
}

if (args.Contains(Scale.Name))
{
    met &= await Scale.RunAsync(rounds);
}

if (args.Contains(Rows.Name))
{
    met &= await Rows.RunAsync(isOnce ? 1 : 9, isQuick ? 100_000 : 1_000_000);
}

if (args.Contains(Prune.Name))
{
    met &= await Prune.RunAsync(rounds, isQuick ? 25_000 : 250_000);
}

if (args.Contains(Audit.Name))
{
    met &= await Audit.RunAsync(isQuick ? 100_000 : 1_000_000);
}

if (args.Contains(Lists.Name))
{
    met &= await Lists.RunAsync(isQuick ? 100_000 : 1_000_000);
}

Console.WriteLine(met ? "Every target is met." : "Not every target is met.");
return met || isQuick ? 0 : 1;
