using System.Reflection;
using System.Text.RegularExpressions;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Scaffolding;
using Microsoft.Extensions.DependencyInjection;
using Rig;

namespace AuthServer.DatabaseTests.Data;

/// <summary>The server starts with models that were compiled beforehand: they must match the present entities.</summary>
public sealed partial class CompiledModelTests
{
    public static TheoryData<string> Providers => [.. Enum.GetNames<DatabaseProvider>()];

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_compiled_model_matches_the_entities_or_else_run_build_sh_model(string provider)
    {
        using var context = Context(provider);
        var fresh = Directory.CreateTempSubdirectory("compiled-model-");
        try
        {
            var options = new CompiledModelCodeGenerationOptions
            {
                ContextType = context.GetType(),
                ModelNamespace = $"AuthServer.Data.Compiled.{provider}",
                Language = "C#",
            };
            Scaffolder(context).ScaffoldModel(context.GetService<IDesignTimeModel>().Model, fresh.FullName, options);
            Assert.Equal(Read(fresh.FullName), Read(Path.Combine(Built.Root, "AuthServer", "Data", "Compiled", provider)));
        }
        finally
        {
            fresh.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_compiled_model_is_used(string provider)
    {
        using var context = Context(provider);
        Assert.StartsWith("AuthServer.Data.Compiled.", context.Model.GetType().Namespace, StringComparison.Ordinal);
    }

    private static AuthDbContext Context(string provider) => provider switch
    {
        nameof(DatabaseProvider.SqlServer) => new SqlServerDesignTimeFactory().CreateDbContext([]),
        nameof(DatabaseProvider.Postgres) => new PostgresDesignTimeFactory().CreateDbContext([]),
        _ => new SqliteDesignTimeFactory().CreateDbContext([]),
    };

    // In the order of dotnet ef: the provider's own services before the general ones.
    private static ICompiledModelScaffolder Scaffolder(AuthDbContext context)
    {
        var assembly = Assembly.Load(context.Database.ProviderName!);
        var services = new ServiceCollection();
        var name = assembly.GetCustomAttribute<DesignTimeProviderServicesAttribute>()!.TypeName;
        ((IDesignTimeServices)Activator.CreateInstance(assembly.GetType(name, throwOnError: true)!)!).ConfigureDesignTimeServices(services);
        services.AddEntityFrameworkDesignTimeServices();
        services.AddDbContextDesignTimeServices(context);
        return services.BuildServiceProvider().GetRequiredService<ICompiledModelScaffolder>();
    }

    private static SortedDictionary<string, string> Read(string folder) => new(
        Directory.GetFiles(folder).ToDictionary(
            file => Path.GetFileName(file)!,
            file => ModelId().Replace(File.ReadAllText(file).ReplaceLineEndings("\n").Trim(), "")),
        StringComparer.Ordinal);

    // A new id at each run.
    [GeneratedRegex(@"modelId: new Guid\(""[^""]*""\)")]
    private static partial Regex ModelId();
}
