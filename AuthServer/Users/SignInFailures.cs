using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Users;

/// <summary>
/// Failed sign-ins in a row, apart from the account: a name that has no account is written just so, or the time of an answer
/// would tell which names have one.
/// </summary>
internal sealed class SignInFailures
{
    /// <summary>The account's id; where there is none, a keyed hash of the name that was typed.</summary>
    public required Guid Account { get; set; }

    /// <summary>A browser in which the person has signed in before. <see cref="Guid.Empty"/> for all others together.</summary>
    public required Guid Browser { get; set; }

    public required int Count { get; set; }

    /// <summary>Until when there have been too many to look at another.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    public required DateTimeOffset LastAt { get; set; }
}

internal sealed class SignInFailuresConfiguration : IEntityTypeConfiguration<SignInFailures>
{
    public void Configure(EntityTypeBuilder<SignInFailures> builder)
    {
        builder.ToTable("SignInFailures");
        builder.HasKey(failures => new { failures.Account, failures.Browser });

        // For pruning.
        builder.HasIndex(failures => failures.LastAt);
    }
}
