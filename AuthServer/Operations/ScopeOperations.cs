using System.Text.Json.Serialization;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Platform;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace AuthServer.Operations;

/// <summary>A scope, and the APIs that own it.</summary>
/// <param name="Description">What an app may do with it, by language: <c>en</c> is there if any is.</param>
/// <param name="Resources">The APIs (RFC 8707 identifiers), which become the <c>aud</c> of tokens.</param>
/// <param name="IsBuiltIn">True for a scope of this server's own API, which cannot be changed.</param>
internal sealed record ScopeView(
    string Name, IReadOnlyDictionary<string, string> Description, IReadOnlyList<string> Resources, bool IsBuiltIn)
{
    /// <summary>Changes with every change of the scope.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    /// <summary>The row.</summary>
    [JsonIgnore]
    public Scope Scope { get; init; } = null!;
}

/// <summary>What operators do with the scopes of APIs. Each operation is one transaction, or a part of the caller's.</summary>
internal sealed class ScopeOperations(AuthDbContext context, IOpenIddictScopeManager scopes, IEnumerable<BuiltInApi> builtIn)
{
    /// <summary>In the order of names. Scopes are few.</summary>
    public async Task<IReadOnlyList<ScopeView>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<ScopeView>();
        foreach (var row in await context.Set<Scope>().AsNoTracking().ToListAsync(cancellationToken))
        {
            found.Add(await ViewAsync(row, null, cancellationToken));
        }

        foreach (var (api, scope) in builtIn.SelectMany(api => api.Scopes.Select(scope => (api, scope))))
        {
            found.RemoveAll(one => one.Name == scope.Name);
            found.Add(await ViewAsync(scope, api, cancellationToken));
        }

        return [.. found.OrderBy(scope => scope.Name, StringComparer.Ordinal)];
    }

    /// <exception cref="OperationException">There is no such scope.</exception>
    public async Task<ScopeView> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).SingleOrDefault(scope => scope.Name == name)
        ?? throw new OperationException(OperationFault.NotFound, $"There is no scope '{name}'.");

    /// <exception cref="OperationException">A value is not allowed, or the name is taken.</exception>
    public Task<ScopeView> AddAsync(
        string name, IReadOnlyDictionary<string, string>? description, IReadOnlyList<string>? resources,
        CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            if ((await ListAsync(token)).Any(scope => scope.Name == name))
            {
                throw new OperationException(OperationFault.Conflict, $"There is already a scope '{name}'.", "name");
            }

            var declared = Check(name, description, resources);
            await scopes.CreateAsync(declared, token);
            return await FindAsync(name, token);
        },
        cancellationToken);

    /// <param name="known">From <see cref="FindAsync"/>.</param>
    /// <exception cref="OperationException">A value is not allowed, or the scope is built in.</exception>
    public Task<ScopeView> ChangeAsync(
        ScopeView known, IReadOnlyDictionary<string, string>? description, IReadOnlyList<string>? resources,
        CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            RefuseBuiltIn(known);
            var wanted = Check(known.Name, description, resources);
            if (IsAlready(known, description, resources))
            {
                return known;
            }

            await scopes.UpdateAsync(known.Scope, wanted, token);
            return await FindAsync(known.Name, token);
        },
        cancellationToken);

    /// <summary>Nothing else changes: apps keep its name, and tokens have it until they expire.</summary>
    /// <exception cref="OperationException">The scope is built in.</exception>
    public Task DeleteAsync(ScopeView known, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            RefuseBuiltIn(known);
            await scopes.DeleteAsync(known.Scope, token);
        },
        cancellationToken);

    private static void RefuseBuiltIn(ScopeView known)
    {
        if (known.IsBuiltIn)
        {
            throw new OperationException(OperationFault.Conflict, $"The scope '{known.Name}' is a part of this server.");
        }
    }

    private static bool IsAlready(ScopeView known, IReadOnlyDictionary<string, string>? description, IReadOnlyList<string>? resources) =>
        (description ?? new Dictionary<string, string>()).ToHashSet().SetEquals(known.Description)
        && (resources ?? []).ToHashSet(StringComparer.Ordinal).SetEquals(known.Resources);

    // By the rules of the platform file.
    private static OpenIddictScopeDescriptor Check(
        string name, IReadOnlyDictionary<string, string>? description, IReadOnlyList<string>? resources)
    {
        var sent = new SentFields();
        sent.Add("name", name);
        sent.Add("description", description);
        sent.Add("resources", resources);
        var map = sent.ToMap();
        var apis = map.Names("resources");
        foreach (var (place, resource) in apis)
        {
            ApiReader.CheckResource(map, place, "resources", resource);
        }

        var scope = ApiReader.Scope(map);
        sent.Check();
        var declared = new OpenIddictScopeDescriptor { Name = scope.Name };
        ApiApplier.Declare(declared, scope.Description, [.. apis.Select(api => api.Name)]);
        return declared;
    }

    private async Task<ScopeView> ViewAsync(Scope scope, BuiltInApi? api, CancellationToken cancellationToken)
    {
        var declared = new OpenIddictScopeDescriptor();
        await scopes.PopulateAsync(declared, scope, cancellationToken);
        var description = declared.Descriptions.ToDictionary(text => text.Key.Name, text => text.Value, StringComparer.Ordinal);
        if (declared.Description is { } text)
        {
            description[UiLocales.Default] = text;
        }

        return new ScopeView(
            scope.Name!, description, api is null ? [.. declared.Resources.Order(StringComparer.Ordinal)] : [api.Resource], api is not null)
        {
            Version = scope.ConcurrencyToken,
            Scope = scope,
        };
    }
}
