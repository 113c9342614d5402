using AuthServer.Administration;
using AuthServer.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>A scope to be added.</summary>
/// <param name="Description">What an app may do with it, by language of the pages; <c>en</c> is needed.</param>
/// <param name="Resources">The APIs (RFC 8707 identifiers) that own it.</param>
internal sealed record ScopeInput(
    string Name, IReadOnlyDictionary<string, string>? Description = null, IReadOnlyList<string>? Resources = null);

/// <summary>What changes of a scope. A field that is not sent stays as it is.</summary>
internal sealed record ScopePatch
{
    /// <summary>By language; null removes a language.</summary>
    public Patched<IReadOnlyDictionary<string, string?>?> Description { get; init; }

    /// <summary>The APIs (RFC 8707 identifiers) that own it.</summary>
    public Patched<IReadOnlyList<string>?> Resources { get; init; }
}

/// <summary><c>/scopes</c>: the APIs that accept tokens, and their scopes.</summary>
internal static class ScopesApi
{
    public static void MapScopes(this RouteGroupBuilder api)
    {
        var scopes = api.MapGroup("/scopes").WithTags("Scopes");
        scopes.MapGet("", ListAsync).Requires(ApisRead).WithName("listScopes").WithSummary("Lists all scopes of APIs.");
        scopes.MapPost("", AddAsync).Requires(ApisWrite).WithName("addScope").WithSummary("Adds a scope.")
            .WithExample("""{ "name": "invoices.read", "description": { "en": "Read your invoices" }, "resources": ["https://api.example.com"] }""");
        scopes.MapGet("/{name}", ShowAsync).Requires(ApisRead).WithName("showScope").WithSummary("Shows a scope.");
        scopes.MapPatch("/{name}", ChangeAsync).Requires(ApisWrite).WithName("changeScope").WithSummary("Changes a scope (RFC 7396).")
            .RequiresVersion().WithExample("""{ "description": { "en": "Read your notes and lists" } }""");
        scopes.MapDelete("/{name}", DeleteAsync).Requires(ApisWrite, isFresh: true).WithName("deleteScope")
            .WithSummary("Deletes a scope, and nothing else: apps keep its name.").RequiresVersion();
    }

    private static async Task<Ok<Page<ScopeView>>> ListAsync(ScopeOperations scopes, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<ScopeView>(await scopes.ListAsync(cancellationToken), null));

    private static async Task<Ok<ScopeView>> ShowAsync(
        PathName name, HttpContext http, ScopeOperations scopes, CancellationToken cancellationToken) =>
        Answer(http, await scopes.FindAsync(name, cancellationToken));

    private static async Task<Created<ScopeView>> AddAsync(
        Body<ScopeInput> body, HttpContext http, ScopeOperations scopes, CancellationToken cancellationToken)
    {
        var input = body.Value;
        var added = await scopes.AddAsync(input.Name, input.Description, input.Resources, cancellationToken);
        EntityTag.Send(http, added.Version);
        return TypedResults.Created($"{AdministrationFeature.Path}/scopes/{Uri.EscapeDataString(added.Name)}", added);
    }

    private static async Task<Ok<ScopeView>> ChangeAsync(
        PathName name, Body<ScopePatch> body, HttpContext http, ScopeOperations scopes, CancellationToken cancellationToken)
    {
        var known = await scopes.FindAsync(name, cancellationToken);
        EntityTag.Require(http, known.Version);
        var patch = body.Value;
        return Answer(http, await scopes.ChangeAsync(
            known,
            patch.Description.IsSent ? Merge(known.Description, patch.Description.Value) : known.Description,
            patch.Resources.Over(known.Resources),
            cancellationToken));
    }

    private static async Task<NoContent> DeleteAsync(
        PathName name, HttpContext http, ScopeOperations scopes, CancellationToken cancellationToken)
    {
        var known = await scopes.FindAsync(name, cancellationToken);
        EntityTag.Require(http, known.Version);
        await scopes.DeleteAsync(known, cancellationToken);
        return TypedResults.NoContent();
    }

    // Null if no text is left.
    private static Dictionary<string, string>? Merge(
        IReadOnlyDictionary<string, string> present, IReadOnlyDictionary<string, string?>? patch)
    {
        var merged = patch is null ? [] : new Dictionary<string, string>(present, StringComparer.Ordinal);
        foreach (var (language, text) in patch ?? new Dictionary<string, string?>())
        {
            if (text is null)
            {
                merged.Remove(language);
            }
            else
            {
                merged[language] = text;
            }
        }

        return merged.Count is 0 ? null : merged;
    }

    private static Ok<ScopeView> Answer(HttpContext http, ScopeView scope)
    {
        EntityTag.Send(http, scope.Version);
        return TypedResults.Ok(scope);
    }
}
