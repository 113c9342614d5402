using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.SecondFactors;

/// <summary>A browser in which no code is asked for, until it expires or its owner ends that. Its cookie has the id of the row.</summary>
internal sealed class RememberedBrowser
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid UserId { get; set; }

    /// <summary>The user's security stamp when the browser was remembered. If it differs by now, the browser is forgotten.</summary>
    public required string SecurityStamp { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset LastUsedAt { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public string? Address { get; set; }

    public string? UserAgent { get; set; }
}

internal sealed class RememberedBrowserConfiguration : IEntityTypeConfiguration<RememberedBrowser>
{
    public void Configure(EntityTypeBuilder<RememberedBrowser> builder)
    {
        builder.ToTable("RememberedBrowsers");
        builder.Property(browser => browser.Id).ValueGeneratedNever();
        builder.Property(browser => browser.SecurityStamp).HasMaxLength(100);
        builder.Property(browser => browser.Address).HasMaxLength(50);
        builder.Property(browser => browser.UserAgent).HasMaxLength(Session.LongestText);
        builder.HasOne<User>().WithMany().HasForeignKey(browser => browser.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
