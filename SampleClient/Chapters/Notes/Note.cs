namespace SampleClient.Chapters.Notes;

/// <summary>A note as the API returns it.</summary>
internal sealed record Note(Guid Id, string Title, string Text, DateTimeOffset CreatedAt);

/// <summary>A note as the API accepts it.</summary>
internal sealed record NoteDraft(string Title, string Text);
