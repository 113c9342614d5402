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

        // An address has one account, because people can sign in with it. Identity's own index is not unique.
        builder.HasIndex(user => user.NormalizedEmail).IsUnique().HasDatabaseName("EmailIndex");
    }
}
