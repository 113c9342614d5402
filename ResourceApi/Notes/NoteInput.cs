using System.ComponentModel.DataAnnotations;

namespace ResourceApi.Notes;

/// <summary>The request body that creates or replaces a note.</summary>
/// <param name="Title">Required, up to 200 characters.</param>
/// <param name="Text">Optional, up to 10,000 characters.</param>
public sealed record NoteInput(
    [Required, StringLength(200)] string? Title,
    [StringLength(10_000)] string? Text);
