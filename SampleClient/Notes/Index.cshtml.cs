using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using SampleClient.Api;
using SampleClient.Sessions;
using SampleClient.Shared;

namespace SampleClient.Notes;

/// <summary>Notes kept by the API: read with the scope notes.read, written with notes.write.</summary>
internal sealed class IndexModel(ApiClient api) : SignedInPage
{
    private const string Path = "api/notes";

    /// <summary>The form as it was sent, for as long as it is not saved.</summary>
    public NoteInput Typed { get; private set; } = new("", "");

    public IReadOnlyList<Note>? Notes { get; private set; }

    /// <summary>How the list came.</summary>
    public ApiAnswer? ListAnswer { get; private set; }

    /// <summary>What writing or deleting came to.</summary>
    public ApiAnswer? Answer { get; private set; }

    public Notice? Notice { get; private set; }

    public bool CanRetry { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Session.Draft is { } draft)
        {
            (Typed, Notice) = (draft, Notice.NoteKept);
        }

        if (TakeFlash() is { } flash)
        {
            (Notice, Answer) = (flash.Notice, flash.Answer);
        }

        return await ShowAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostWriteAsync(string? title, string? text, CancellationToken cancellationToken)
    {
        Typed = new NoteInput(title ?? "", text ?? "");
        var result = await api.CallAsync(Session, HttpMethod.Post, Path, Typed, cancellationToken);
        if (result.MustSignInAgain)
        {
            Keep(session => session with { Draft = Typed });
            return SignInAgain();
        }

        if (result.Answer is { IsSuccess: true } saved)
        {
            Keep(session => session with { Draft = null });
            return RedirectWith(new Flash(Notice.NoteWritten, saved));
        }

        return await ShowAsync(result, cancellationToken);
    }

    public async Task<IActionResult> OnPostDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var result = await api.CallAsync(Session, HttpMethod.Delete, $"{Path}/{id}", body: null, cancellationToken);
        if (result.MustSignInAgain)
        {
            return SignInAgain();
        }

        return result.Answer is { IsSuccess: true } deleted
            ? RedirectWith(new Flash(Notice.NoteDeleted, deleted))
            : await ShowAsync(result, cancellationToken);
    }

    private async Task<IActionResult> ShowAsync(CallResult result, CancellationToken cancellationToken)
    {
        Answer = result.Answer;
        Problem(result.Problem);
        return result.Problem is null ? await ShowAsync(cancellationToken) : Page();
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        var list = await api.CallAsync(Session, HttpMethod.Get, Path, body: null, cancellationToken);
        if (list.MustSignInAgain)
        {
            return SignInAgain();
        }

        ListAnswer = list.Answer;
        Notes = list.Answer is { IsSuccess: true } answer ? JsonSerializer.Deserialize<List<Note>>(answer.Body, JsonSerializerOptions.Web) : null;
        Problem(list.Problem);
        return Page();
    }

    private void Problem(Notice? problem)
    {
        if (problem is not null)
        {
            (Notice, CanRetry, Response.StatusCode) = (problem, true, StatusCodes.Status503ServiceUnavailable);
        }
    }
}
