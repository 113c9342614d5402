using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Data.Common;
using AuthServer.Data;

namespace AuthServer.CommandLine;

/// <summary>The help of each command. It ends with the database that the command would use.</summary>
internal sealed class DatabaseHelp(HelpAction help, string[] settings) : SynchronousCommandLineAction
{
    // The providers' keywords, in lower case and without blanks.
    private static readonly string[] Shown =
        ["datasource", "filename", "server", "host", "addr", "address", "networkaddress", "port", "database", "initialcatalog"];

    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        Console.WriteLine("Database:");
        Console.WriteLine($"  {Describe(WebApplication.CreateSlimBuilder(settings).Configuration)}");
        Console.WriteLine(
            "  Set another with ConnectionStrings__AuthServer and Database__Provider in the environment, in appsettings.json of the");
        Console.WriteLine(
            "  working directory, or on the line: --ConnectionStrings:AuthServer=... --Database:Provider=Sqlite|SqlServer|Postgres");
        Console.WriteLine();
        return result;
    }

    // Never the whole connection string: it may hold a password.
    private static string Describe(ConfigurationManager configuration)
    {
        var provider = configuration[$"{DatabaseOptions.Section}:Provider"] is { Length: > 0 } name
            ? name
            : nameof(DatabaseProvider.Sqlite);
        var text = configuration.GetConnectionString(DatabaseOptions.ConnectionStringName) is { Length: > 0 } set ? set
            : provider is nameof(DatabaseProvider.Sqlite) ? DatabaseOptions.DefaultConnectionString : "";
        if (text.Length is 0)
        {
            return $"{provider}; ConnectionStrings:AuthServer is not set.";
        }

        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            var shown = parts.Keys.Cast<string>()
                .Where(key => Shown.Contains(key.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant()));
            return TextFormat.Text($"{provider}, {string.Join("; ", shown.Select(key => $"{key}={parts[key]}"))}");
        }
        catch (ArgumentException)
        {
            return $"{provider}; ConnectionStrings:AuthServer cannot be read.";
        }
    }
}
