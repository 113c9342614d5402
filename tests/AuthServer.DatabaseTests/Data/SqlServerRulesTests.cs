using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.Data;

/// <summary><see cref="SqlServerRules"/> finds each fault, in models that are wrong on purpose.</summary>
public sealed class SqlServerRulesTests
{
    [Fact]
    public void A_key_of_unlimited_length_is_found() =>
        Assert.Equal(["PK_Row: Id is nvarchar(max)"], Broken<UnboundedKey>());

    [Fact]
    public void An_index_over_1700_bytes_is_found_and_one_of_1700_is_not() =>
        Assert.Equal(["IX_Row_TooWide: 1702 bytes, 1700 at most"], Broken<WideIndex>());

    [Fact]
    public void A_clustered_key_over_900_bytes_is_found_and_a_nonclustered_one_is_not() =>
        Assert.Equal(["PK_Clustered: 1024 bytes, 900 at most"], Broken<WideKey>());

    [Fact]
    public void Two_clustered_keys_of_one_table_are_found() =>
        Assert.Equal(["Row: more than one clustered key"], Broken<TwiceClustered>());

    [Fact]
    public void Two_ways_to_cascade_to_one_table_are_found() =>
        Assert.Equal(["Leaf: 2 cascades from Root"], Broken<Diamond>());

    [Fact]
    public void A_circular_cascade_is_found() =>
        Assert.Equal(["Node: 1 cascades from Node"], Broken<Circle>());

    [Fact]
    public void Setting_to_null_counts_as_a_cascade() =>
        Assert.Equal(["Leaf: 2 cascades from Root"], Broken<DiamondOfNulls>());

    private static IReadOnlyList<string> Broken<TContext>() where TContext : DbContext, new()
    {
        using var context = new TContext();
        return SqlServerRules.Broken(context);
    }

    private abstract class SmallContext : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder builder) => builder.UseSqlServer();

        protected static void Point(ModelBuilder builder, string from, string to, DeleteBehavior onDelete = DeleteBehavior.Cascade) =>
            builder.Entity(from).HasOne(to, null).WithMany().HasForeignKey($"{to}Id").OnDelete(onDelete);

        protected static void Tables(ModelBuilder builder, params string[] names)
        {
            foreach (var name in names)
            {
                builder.Entity(name).Property<int>("Id");
                builder.Entity(name).ToTable(name);
            }
        }
    }

    private sealed class UnboundedKey : SmallContext
    {
        protected override void OnModelCreating(ModelBuilder builder) =>
            builder.Entity("Row").ToTable("Row").Property<string>("Id").HasColumnType("nvarchar(max)");
    }

    private sealed class WideIndex : SmallContext
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            Tables(builder, "Row");
            builder.Entity("Row").Property<string>("Wide").HasMaxLength(850);
            builder.Entity("Row").Property<string>("TooWide").HasMaxLength(851);
            builder.Entity("Row").HasIndex("Wide");
            builder.Entity("Row").HasIndex("TooWide");
        }
    }

    private sealed class WideKey : SmallContext
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            builder.Entity("Clustered").ToTable("Clustered").Property<byte[]>("Id").HasMaxLength(1024);
            builder.Entity("Nonclustered").ToTable("Nonclustered").Property<byte[]>("Id").HasMaxLength(1024);
            builder.Entity("Nonclustered").HasKey("Id").IsClustered(false);
        }
    }

    private sealed class TwiceClustered : SmallContext
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            Tables(builder, "Row");
            builder.Entity("Row").Property<int>("Number");
            builder.Entity("Row").HasIndex("Number").IsClustered();
        }
    }

    private sealed class Diamond : SmallContext
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            Tables(builder, "Root", "Middle", "Leaf");
            Point(builder, "Middle", "Root");
            Point(builder, "Leaf", "Middle");
            Point(builder, "Leaf", "Root");
        }
    }

    private sealed class Circle : SmallContext
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            Tables(builder, "Node");
            Point(builder, "Node", "Node");
        }
    }

    private sealed class DiamondOfNulls : SmallContext
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            Tables(builder, "Root", "Middle", "Leaf");
            builder.Entity("Leaf").Property<int?>("RootId");
            Point(builder, "Middle", "Root");
            Point(builder, "Leaf", "Middle");
            Point(builder, "Leaf", "Root", DeleteBehavior.SetNull);
        }
    }
}
