using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using SampleClient.Answers;
using SampleClient.Api;
using SampleClient.Sessions;
using SampleClient.Shared;

namespace SampleClient.Chapters.Notes;

/// <summary>
/// The notes that the API keeps: the scope notes.read is needed to read them, notes.write to write. Every button of the page also
/// sends the form. A note that the API does not have yet is kept in the session, so it is never lost.
/// </summary>
internal sealed class IndexModel(ApiClient api) : SignedInPage
{
    private const string Path = "api/notes";

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    public IReadOnlyList<Note>? Notes { get; private set; }

    /// <summary>The response that brought the list.</summary>
    public ApiAnswer? ListAnswer { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Session.Draft?.Deserialize<NoteDraft>() is { } draft)
        {
            (Title, Text, Notice) = (draft.Title, draft.Text, NotesNotice.Kept);
        }

        TakeFlash();
        return await ShowListAsync(cancellationToken);
    }

    public IActionResult OnPostAgain()
    {
        KeepDraft();
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostWriteAsync(CancellationToken cancellationToken)
    {
        var draft = KeepDraft();
        var result = await api.CallAsync(Session, HttpMethod.Post, Path, draft, cancellationToken);
        if (result.Answer is not null)
        {
            Keep(session => session with { Draft = null });
        }

        return result.Answer is { IsSuccess: true } saved
            ? RedirectWith(new Flash(NotesNotice.Written, saved))
            : await ShowAsync(result, retryHandler: "Write", cancellationToken);
    }

    public async Task<IActionResult> OnPostDeleteAsync(Guid noteId, CancellationToken cancellationToken)
    {
        KeepDraft();
        var result = await api.CallAsync(Session, HttpMethod.Delete, $"{Path}/{noteId}", body: null, cancellationToken);
        return result.Answer is { IsSuccess: true } deleted
            ? RedirectWith(new Flash(NotesNotice.Deleted, deleted))
            : await ShowAsync(result, retryHandler: "Again", cancellationToken);
    }

    public IActionResult OnPostDeleteAll()
    {
        KeepDraft();
        return RedirectToPage("DeleteAll");
    }

    private NoteDraft KeepDraft()
    {
        var draft = new NoteDraft(Title ?? "", Text ?? "");
        if (draft is not { Title: "", Text: "" })
        {
            Keep(session => session with { Draft = JsonSerializer.SerializeToElement(draft) });
        }

        return draft;
    }

    private async Task<IActionResult> ShowAsync(CallResult result, string retryHandler, CancellationToken cancellationToken)
    {
        Answer = result.Answer;
        return result.Answer is null ? Fail(result, retryHandler) : await ShowListAsync(cancellationToken);
    }

    private async Task<IActionResult> ShowListAsync(CancellationToken cancellationToken)
    {
        var list = await api.CallAsync(Session, HttpMethod.Get, Path, body: null, cancellationToken);
        if (list.Answer is null)
        {
            return Fail(list, retryHandler: "Again");
        }

        ListAnswer = list.Answer;
        Notes = list.Answer.IsSuccess ? JsonSerializer.Deserialize<List<Note>>(list.Answer.Body, JsonSerializerOptions.Web) : null;
        return Page();
    }

    private IActionResult Fail(CallResult result, string retryHandler) =>
        result.MustSignInAgain ? SignInAgain() : Fail(result.Problem!, retryHandler);
}
