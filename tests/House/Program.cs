using House;

var arrows = Arrows.Of(Source.Of(args[1])).Where(a => a.From is not ("Data" or "CommandLine" or "") && a.To is not ("Data" or "CommandLine" or "")).ToList();
foreach (var group in arrows.GroupBy(a => (a.From, a.To)).OrderBy(g => g.Key))
{
    Console.WriteLine($"{group.Key.From} -> {group.Key.To}");
    if (args.Contains("-v"))
        foreach (var f in group.GroupBy(a => a.File)) Console.WriteLine($"    {f.Key}: {string.Join(" ", f.Select(a => a.Type))}");
}
