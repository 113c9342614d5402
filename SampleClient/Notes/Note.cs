namespace SampleClient.Notes;

/// <summary>A note as the API returns it.</summary>
internal sealed record Note(Guid Id, string Title, string Text, DateTimeOffset CreatedAt);
