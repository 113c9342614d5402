using System.Text.Json;
using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>
/// Applies the declared apps. The secret and each field are compared in three versions: the file now, the file when it was last applied,
/// and the app. Only what has changed in the file since then is changed, so that an operator's change stays.
/// </summary>
internal sealed class AppApplier(IOpenIddictApplicationManager clients, ClientSecrets secrets, TimeProvider time)
{
    public async Task ApplyAsync(PlatformDocument document, ApplyRun run, CancellationToken cancellationToken)
    {
        var scopes = await RegistrableScopes.ReadAsync(run.Context, cancellationToken);
        scopes.UnionWith(document.Apis.SelectMany(api => api.Scopes).Select(scope => scope.Name));
        var done = 0;
        foreach (var batch in document.Apps.Chunk(ApplyRun.BatchSize))
        {
            string[] ids = [.. batch.Select(app => app.Id)];
            var there = (await run.Context.Set<Client>().AsNoTracking().Where(client => ids.Contains(client.ClientId))
                .ToListAsync(cancellationToken))
                .ToDictionary(client => client.ClientId!, StringComparer.Ordinal);
            var known = await run.EntriesAsync(PlatformEntry.App, ids, cancellationToken);
            Guid[] keys = [.. there.Values.Select(client => client.Id)];
            var rows = (await run.Context.Set<ClientSecret>().AsNoTracking().Where(row => keys.Contains(row.ClientId))
                .ToListAsync(cancellationToken)).ToLookup(row => row.ClientId);
            foreach (var app in batch)
            {
                foreach (var (place, name) in app.Scopes.Where(scope => !scopes.Contains(scope.Name)))
                {
                    run.Report.Problem(place, $"The scope '{name}' belongs to no API, neither in this file nor in the database.");
                }

                var row = there.GetValueOrDefault(app.Id);
                IReadOnlyList<ClientSecret> valid = row is null ? [] : ClientSecret.ValidOf(row, [.. rows[row.Id]], time.GetUtcNow());
                await ApplyAsync(
                    app, row, [.. valid.Select(secret => secret.Hash)], known.GetValueOrDefault(app.Id), run, cancellationToken);
            }

            await run.SaveAsync(cancellationToken);
            run.Progress("apps", done += batch.Length, document.Apps.Count);
        }
    }

    /// <param name="hashes">Of the app's secrets that are valid now.</param>
    private async Task ApplyAsync(
        AppEntry app, Client? row, IReadOnlyList<string> hashes, PlatformEntry? known, ApplyRun run, CancellationToken cancellationToken)
    {
        if (row is null && known is not null && !run.Recreates(app.Id))
        {
            run.Report.Unchanged();
            run.Report.Keep($"app {app.Id}: it was deleted here (--recreate {app.Id} makes it again)");
            return;
        }

        var file = AppDescriptor.Of(app);
        var merged = file;
        var (changed, kept) = (new List<string>(), new List<string>());
        var (secret, hash) = await MergeSecretAsync(app, hashes, known, run, kept, cancellationToken);
        if (row is not null)
        {
            merged = new OpenIddictApplicationDescriptor();
            await clients.PopulateAsync(merged, row, cancellationToken);
            if (secret is not null)
            {
                changed.Add("secret");
            }

            AppField.Merge(
                file,
                known is null ? null : JsonSerializer.Deserialize<Dictionary<string, string?>>(known.Declared),
                merged,
                changed,
                kept);
        }

        merged.ClientSecret = merged.ClientType is ClientTypes.Public ? null : secret ?? merged.ClientSecret;
        if ((row is null || changed.Count > 0) && !await IsValidAsync(app, row, merged, run, cancellationToken))
        {
            return;
        }

        var written = row;
        if (row is null)
        {
            written = run.MayWrite() ? (Client)await clients.CreateAsync(merged, cancellationToken) : new Client();
            run.Report.Created($"app {app.Id}");
        }
        else if (changed.Count > 0)
        {
            if (run.MayWrite())
            {
                await clients.UpdateAsync(row, merged, cancellationToken);
            }

            run.Report.Changed($"app {app.Id}: {string.Join(", ", changed)}");
        }
        else
        {
            run.Report.Unchanged();
        }

        if (kept.Count > 0)
        {
            run.Report.Keep($"app {app.Id}: {string.Join(", ", kept)} {(kept.Count is 1 ? "was" : "were")} changed here");
        }

        run.Remember(known, new PlatformEntry
        {
            Kind = PlatformEntry.App,
            Mark = app.Id,
            RowId = written!.Id,
            IsAdopted = known?.IsAdopted ?? row is not null,
            Declared = AppField.Declared(file),
            SecretHash = secret is null ? hash : written.ClientSecret,
        });
    }

    /// <returns>The file's secret if it must replace the app's; otherwise the hash to remember of the file's secret.</returns>
    private async Task<(string? Secret, string? Hash)> MergeSecretAsync(
        AppEntry app, IReadOnlyList<string> hashes, PlatformEntry? known, ApplyRun run, List<string> kept,
        CancellationToken cancellationToken)
    {
        if (app.Secret is null)
        {
            return (null, known?.SecretHash);
        }

        if (hashes.Count is 0)
        {
            return (app.Secret, null);
        }

        if (known?.SecretHash is { } applied && await secrets.IsMatchAsync(app.Secret, applied, cancellationToken))
        {
            if (!hashes.Contains(applied))
            {
                kept.Add("secret");
            }

            return (null, applied);
        }

        foreach (var hash in hashes)
        {
            if (await secrets.IsMatchAsync(app.Secret, hash, cancellationToken))
            {
                return (null, hash);
            }
        }

        if (known is not null)
        {
            return (app.Secret, null);
        }

        // It is not known which of the two secrets is newer.
        run.Report.Warning(
            app.Place,
            $"The app '{app.Id}' existed before this file and keeps its secret. "
            + "To replace it, put another secret into the file, or use 'AuthServer client rotate-secret'.");
        return (null, await secrets.HashAsync(app.Secret, cancellationToken));
    }

    private async Task<bool> IsValidAsync(
        AppEntry app, Client? row, OpenIddictApplicationDescriptor merged, ApplyRun run, CancellationToken cancellationToken)
    {
        if (merged is { ClientType: ClientTypes.Confidential, ClientSecret: null, JsonWebKeySet: null })
        {
            run.Report.Problem(app.Place, $"The confidential app '{app.Id}' needs 'secret' or 'public_keys'.");
            return false;
        }

        var copy = row?.Copy() ?? new Client();
        await clients.PopulateAsync(copy, merged, cancellationToken);
        var isValid = true;
        await foreach (var fault in clients.ValidateAsync(copy, cancellationToken))
        {
            isValid = false;
            run.Report.Problem(app.Place, $"The app '{app.Id}' cannot be registered: {fault.ErrorMessage}");
        }

        return isValid;
    }
}
