using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ResourceApi.Notes;

internal sealed class Note
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Subject of the token that created the note: a user or, with client_credentials, a client.</summary>
    public required string Owner { get; init; }

    public required string Title { get; set; }

    public required string Text { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ChangedAt { get; set; }
}

internal sealed class NoteConfiguration : IEntityTypeConfiguration<Note>
{
    public void Configure(EntityTypeBuilder<Note> builder)
    {
        builder.ToTable("Notes");

        // Ids of version 7 increase with time, so this index also serves the order of the list.
        builder.HasIndex(note => new { note.Owner, note.Id });
    }
}
