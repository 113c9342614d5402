using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Users;

/// <summary>
/// Failed sign-ins in a row, in a table of their own: a name without an account is counted in the same way. Otherwise the time of an answer
/// would tell which names have an account.
/// </summary>
internal sealed class SignInFailures
{
    /// <summary>The account's id; for a name without an account, a keyed hash of the typed name.</summary>
    public required Guid Account { get; set; }

    /// <summary>A browser in which the person has signed in before. <see cref="Guid.Empty"/> for all others together.</summary>
    public required Guid Browser { get; set; }

    public required int Count { get; set; }

    /// <summary>Until when every attempt is refused, because too many have failed.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    public required DateTimeOffset LastAt { get; set; }
}

internal sealed class SignInFailuresConfiguration : IEntityTypeConfiguration<SignInFailures>
{
    public void Configure(EntityTypeBuilder<SignInFailures> builder)
    {
        builder.ToTable("SignInFailures");
        builder.HasKey(failures => new { failures.Account, failures.Browser });

        // Pruning searches by it.
        builder.HasIndex(failures => failures.LastAt);
    }
}
