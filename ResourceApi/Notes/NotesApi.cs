using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ResourceApi.Bearer;
using ResourceApi.Data;

namespace ResourceApi.Notes;

/// <summary>
/// /api/notes: a small resource with one scope to read and one to write. Every query filters by owner, so another user's note does
/// not exist for the caller.
/// </summary>
internal static class NotesApi
{
    private const int ListLimit = 100;

    public static void AddNotes(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<NotesOptions>, NotesOptionsValidator>();
        services.AddOptions<NotesOptions>().BindConfiguration(NotesOptions.Section).ValidateOnStart();
    }

    public static void MapNotes(this IEndpointRouteBuilder api)
    {
        var notes = api.MapGroup("/notes");
        notes.MapGet("/", ListAsync).RequireScope(ApiScopes.NotesRead);
        notes.MapGet("/{id:guid}", GetAsync).RequireScope(ApiScopes.NotesRead);
        notes.MapPost("/", CreateAsync).RequireScope(ApiScopes.NotesWrite);
        notes.MapPut("/{id:guid}", ReplaceAsync).RequireScope(ApiScopes.NotesWrite);
        notes.MapDelete("/{id:guid}", DeleteAsync).RequireScope(ApiScopes.NotesWrite);

        // Deleting all notes needs a recent sign-in: a person who finds the browser open cannot do it.
        var options = api.ServiceProvider.GetRequiredService<IOptions<NotesOptions>>().Value;
        notes.MapDelete("/", DeleteAllAsync).RequireScope(ApiScopes.NotesWrite).RequireSignIn(options.DeleteAllMaxAge, options.AcrList);
    }

    /// <summary>The newest 100 notes, newest first.</summary>
    private static async Task<Ok<List<NoteView>>> ListAsync(Caller caller, ApiDbContext database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await database.NotesOf(caller).OrderByDescending(note => note.Id).Take(ListLimit)
            .Select(note => new NoteView(note.Id, note.Title, note.Text, note.CreatedAt, note.ChangedAt))
            .ToListAsync(cancellationToken));

    private static async Task<Results<Ok<NoteView>, NotFound>> GetAsync(
        Guid id, Caller caller, ApiDbContext database, CancellationToken cancellationToken) =>
        await database.NotesOf(caller).SingleOrDefaultAsync(note => note.Id == id, cancellationToken) is { } note
            ? TypedResults.Ok(NoteView.Of(note))
            : TypedResults.NotFound();

    private static async Task<Created<NoteView>> CreateAsync(
        NoteInput input, Caller caller, ApiDbContext database, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var note = new Note { Owner = caller.Subject, Title = input.Title!, Text = input.Text ?? "", CreatedAt = now, ChangedAt = now };
        database.Notes.Add(note);
        await database.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/api/notes/{note.Id}", NoteView.Of(note));
    }

    private static async Task<Results<Ok<NoteView>, NotFound>> ReplaceAsync(
        Guid id, NoteInput input, Caller caller, ApiDbContext database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await database.NotesOf(caller).SingleOrDefaultAsync(note => note.Id == id, cancellationToken) is not { } note)
        {
            return TypedResults.NotFound();
        }

        (note.Title, note.Text, note.ChangedAt) = (input.Title!, input.Text ?? "", time.GetUtcNow());
        await database.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(NoteView.Of(note));
    }

    private static async Task<Results<NoContent, NotFound>> DeleteAsync(
        Guid id, Caller caller, ApiDbContext database, CancellationToken cancellationToken) =>
        await database.NotesOf(caller).Where(note => note.Id == id).ExecuteDeleteAsync(cancellationToken) > 0
            ? TypedResults.NoContent()
            : TypedResults.NotFound();

    private static async Task<Ok<Deleted>> DeleteAllAsync(Caller caller, ApiDbContext database, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Deleted(await database.NotesOf(caller).ExecuteDeleteAsync(cancellationToken)));

    private static IQueryable<Note> NotesOf(this ApiDbContext database, Caller caller) =>
        database.Notes.Where(note => note.Owner == caller.Subject);

    internal sealed record Deleted(int Count);

    internal sealed record NoteView(Guid Id, string Title, string Text, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
    {
        public static NoteView Of(Note note) => new(note.Id, note.Title, note.Text, note.CreatedAt, note.ChangedAt);
    }
}
