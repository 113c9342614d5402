using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Users;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("Users");
        builder.Property(user => user.DisplayName).HasMaxLength(256);
        builder.Property(user => user.NameSkeleton).HasMaxLength(UserLookup.LongestName);
        builder.HasIndex(user => user.NameSkeleton).IsUnique();
        builder.Property(user => user.Language).HasMaxLength(10);

        // One account an address, as one can sign in with it. Identity makes this index without the constraint.
        builder.HasIndex(user => user.NormalizedEmail).IsUnique().HasDatabaseName("EmailIndex");
    }
}
