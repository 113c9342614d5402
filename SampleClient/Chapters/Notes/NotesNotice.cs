using SampleClient.Answers;

namespace SampleClient.Chapters.Notes;

/// <summary>The messages of the pages of notes.</summary>
internal static class NotesNotice
{
    public static readonly Notice Written = new(NoticeKind.Done, "Saved", "The API keeps your note.");

    public static readonly Notice Deleted = new(NoticeKind.Done, "Deleted", "The API has let go of that note.");

    public static readonly Notice AllDeleted = new(NoticeKind.Done, "Deleted", "The API has let go of all your notes.");

    public static readonly Notice Kept =
        new(NoticeKind.Info, "Your note is still here", "It has not been saved yet. Look it over and save it.");
}
