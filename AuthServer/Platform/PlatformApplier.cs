using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>Applies a platform file: all of it, in one transaction, or nothing.</summary>
/// <remarks>A rehearsal comes first. It only reads, so a file that changes nothing makes no other request wait.</remarks>
internal sealed class PlatformApplier(
    IServiceScopeFactory scopes, IHostEnvironment environment, IPasswordHasher<User> hasher, ClientCache clients, ScopeCache knownScopes)
{
    // Several nodes may start at once with the same file. One of them writes it; the others fail, retry and find its rows.
    private const int MostAttempts = 3;

    /// <param name="path">The platform file.</param>
    /// <param name="keep">False for a rehearsal only.</param>
    /// <param name="recreate">
    /// The ids of apps and the keys or names of users that are created again although they were deleted here.
    /// </param>
    /// <param name="progress">Gets the kind of entries, how many are done, and how many there are.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<ApplyReport> ApplyAsync(
        string path, bool keep, CancellationToken cancellationToken, IReadOnlyCollection<string>? recreate = null,
        Action<string, int, int>? progress = null)
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
            return await ApplyDocumentAsync(document, recreate ?? [], hashes, progress, cancellationToken);
        }
        finally
        {
            // The caches may have read rows that were rolled back, or missed rows that were committed.
            clients.Forget();
            knownScopes.Forget();
        }
    }

    private async Task<ApplyReport> ApplyDocumentAsync(
        PlatformDocument document,
        IReadOnlyCollection<string> recreate,
        Dictionary<UserEntry, string> hashes,
        Action<string, int, int>? progress,
        CancellationToken cancellationToken)
    {
        await using var outer = scopes.CreateAsyncScope();
        var strategy = outer.ServiceProvider.GetRequiredService<AuthDbContext>().Database.CreateExecutionStrategy();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await strategy.ExecuteAsync(
                    token => TryAsync(document, keep: true, recreate, hashes, progress, token), cancellationToken)).Report;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
            }
        }
    }

    // Each attempt has its own scope, because a failed context keeps what it tried to save.
    private async Task<ApplyRun> TryAsync(
        PlatformDocument document,
        bool keep,
        IReadOnlyCollection<string> recreate,
        Dictionary<UserEntry, string> hashes,
        Action<string, int, int>? progress,
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
