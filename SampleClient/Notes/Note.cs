namespace SampleClient.Notes;

/// <summary>A note as the API gives it.</summary>
internal sealed record Note(Guid Id, string Title, string Text, DateTimeOffset CreatedAt);

/// <summary>A note as the API takes it.</summary>
internal sealed record NoteInput(string Title, string Text);
