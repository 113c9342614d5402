using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>Applies a platform file: all of it, in one transaction, or nothing.</summary>
/// <remarks>A rehearsal comes first, which only reads: a file that changes nothing keeps nobody waiting.</remarks>
internal sealed class PlatformApplier(
    IServiceScopeFactory scopes, IHostEnvironment environment, IPasswordHasher<User> hasher, ClientCache clients, ScopeCache knownScopes)
{
    // Several nodes may start at once with the same file: the others find what the first has made.
    private const int MostAttempts = 3;

    /// <param name="path">The platform file.</param>
    /// <param name="keep">False for a rehearsal alone.</param>
    /// <param name="recreate">The ids of apps and the keys of users that are made again though they were deleted here.</param>
    /// <param name="progress">Told what is being applied, how far it is, and how many there are.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<ApplyReport> ApplyAsync(
        string path, bool keep, CancellationToken cancellationToken, IReadOnlyCollection<string>? recreate = null, Action<string, int, int>? progress = null)
    {
        var isDevelopment = environment.IsDevelopment();
        var reader = new PlatformReader(new SecretReference(Path.GetDirectoryName(Path.GetFullPath(path))!, isDevelopment), isDevelopment);
        PlatformDocument document;
        using (var text = File.OpenText(path))
        {
            document = reader.Read(text);
        }

        if (reader.Problems is { Count: > 0 } problems)
        {
            var report = new ApplyReport();
            foreach (var problem in problems)
            {
                report.Problem(problem.Place, problem.Message);
            }

            return report;
        }

        var hashes = new Dictionary<UserEntry, string>(ReferenceEqualityComparer.Instance);
        var rehearsal = await TryAsync(document, keep: false, recreate ?? [], hashes, keep ? null : progress, cancellationToken);
        if (!keep || !rehearsal.HasChanges || rehearsal.Report.Problems.Count > 0)
        {
            return rehearsal.Report;
        }

        Hash(hashes, cancellationToken);
        try
        {
            return await KeepAsync(document, recreate ?? [], hashes, progress, cancellationToken);
        }
        finally
        {
            // They may have read what was not kept, or not read what was.
            clients.Forget();
            knownScopes.Forget();
        }
    }

    private async Task<ApplyReport> KeepAsync(
        PlatformDocument document, IReadOnlyCollection<string> recreate, Dictionary<UserEntry, string> hashes, Action<string, int, int>? progress, CancellationToken cancellationToken)
    {
        await using var outer = scopes.CreateAsyncScope();
        var strategy = outer.ServiceProvider.GetRequiredService<AuthDbContext>().Database.CreateExecutionStrategy();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await strategy.ExecuteAsync(token => TryAsync(document, keep: true, recreate, hashes, progress, token), cancellationToken)).Report;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
            }
        }
    }

    // Each attempt has a scope of its own: a context that failed remembers what it had tried to save.
    private async Task<ApplyRun> TryAsync(
        PlatformDocument document, bool keep, IReadOnlyCollection<string> recreate, Dictionary<UserEntry, string> hashes, Action<string, int, int>? progress,
        CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var context = services.GetRequiredService<AuthDbContext>();
        var run = new ApplyRun(context, keep, recreate, hashes, progress);
        await using var transaction = keep ? await context.Database.BeginTransactionAsync(cancellationToken) : null;
        await services.GetRequiredService<ApiApplier>().ApplyAsync(document, run, cancellationToken);
        await services.GetRequiredService<AppApplier>().ApplyAsync(document, run, cancellationToken);
        var roles = await services.GetRequiredService<RoleApplier>().ApplyAsync(document, run, cancellationToken);
        await services.GetRequiredService<UserApplier>().ApplyAsync(document, roles, run, cancellationToken);
        if (transaction is not null && run.Report.Problems.Count is 0)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return run;
    }

    private void Hash(Dictionary<UserEntry, string> hashes, CancellationToken cancellationToken)
    {
        UserEntry[] entries = [.. hashes.Keys];
        var made = new string[entries.Length];
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, entries.Length, options, index => made[index] = hasher.HashPassword(new User(), entries[index].Password!));
        foreach (var (entry, hash) in entries.Zip(made))
        {
            hashes[entry] = hash;
        }
    }
}
