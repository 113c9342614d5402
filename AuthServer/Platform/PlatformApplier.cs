using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>Brings the database to what a platform file says: all of it, in one transaction, or nothing.</summary>
internal sealed class PlatformApplier(IServiceScopeFactory scopes, IHostEnvironment environment)
{
    /// <param name="path">The platform file.</param>
    /// <param name="keep">False for a rehearsal: everything is done and taken back.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<ApplyReport> ApplyAsync(string path, bool keep, CancellationToken cancellationToken)
    {
        var isDevelopment = environment.IsDevelopment();
        var reader = new PlatformReader(new SecretReference(Path.GetDirectoryName(Path.GetFullPath(path))!, isDevelopment), isDevelopment);
        PlatformDocument document;
        using (var text = File.OpenText(path))
        {
            document = reader.Read(text);
        }

        if (reader.Problems.Count > 0)
        {
            var report = new ApplyReport();
            foreach (var problem in reader.Problems)
            {
                report.Problem(problem.Place, problem.Message);
            }

            return report;
        }

        await using var outer = scopes.CreateAsyncScope();
        var strategy = outer.ServiceProvider.GetRequiredService<AuthDbContext>().Database.CreateExecutionStrategy();
        return await strategy.ExecuteAsync(token => TryAsync(document, keep, token), cancellationToken);
    }

    // Each attempt has a scope of its own: a context that failed remembers what it had tried to save.
    private async Task<ApplyReport> TryAsync(PlatformDocument document, bool keep, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var report = new ApplyReport();
        await using var transaction = await services.GetRequiredService<AuthDbContext>().Database.BeginTransactionAsync(cancellationToken);
        await services.GetRequiredService<ApiApplier>().ApplyAsync(document, report, cancellationToken);
        await services.GetRequiredService<AppApplier>().ApplyAsync(document, report, cancellationToken);
        await services.GetRequiredService<UserApplier>().ApplyAsync(document, report);
        if (keep && report.Problems.Count is 0)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return report;
    }
}
