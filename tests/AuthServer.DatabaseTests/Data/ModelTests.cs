using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AuthServer.DatabaseTests.Data;

/// <summary>Properties of the three models that can be checked without a server.</summary>
public sealed class ModelTests
{
    private static readonly AuthDbContext[] Contexts =
    [
        new SqliteDesignTimeFactory().CreateDbContext([]),
        new SqlServerDesignTimeFactory().CreateDbContext([]),
        new PostgresDesignTimeFactory().CreateDbContext([]),
    ];

    [Fact]
    public void Every_change_of_the_model_has_its_migration_on_every_provider() =>
        Assert.All(Contexts, context => Assert.False(context.Database.HasPendingModelChanges(), context.GetType().Name));

    [Fact]
    public void The_providers_have_the_same_tables_and_columns() =>
        Assert.All(Contexts, context => Assert.Equal(Columns(Contexts[0]), Columns(context)));

    [Fact]
    public void Passkeys_have_a_table_on_every_provider() =>
        Assert.All(Contexts, context => Assert.Contains("UserPasskeys.CredentialId", Columns(context)));

    [Fact]
    public void Every_foreign_key_is_the_beginning_of_an_index() => Assert.All(Contexts, context => Assert.All(
        Tables(context).SelectMany(table => table.ForeignKeyConstraints),
        key => Assert.Contains(
            key.Table.Indexes.Select(index => index.Columns[0]).Concat(key.Table.UniqueConstraints.Select(unique => unique.Columns[0])),
            column => column == key.Columns[0])));

    [Fact]
    public void SQL_Server_accepts_every_key_and_cascade() => Assert.Empty(SqlServerRules.Broken(Contexts[1]));

    [Fact]
    public void SQL_Server_compares_text_in_keys_and_indexes_exactly() => Assert.All(
        Tables(Contexts[1]).SelectMany(table => table.Indexes.SelectMany(index => index.Columns)
            .Concat(table.UniqueConstraints.SelectMany(key => key.Columns)))
            .Where(column => column.StoreType.Contains("char", StringComparison.Ordinal)),
        column => Assert.Equal(SqlServerModel.Collation, column.PropertyMappings[0].Property.GetCollation()));

    [Fact]
    public void The_change_tracker_compares_text_in_keys_and_indexes_exactly()
    {
        using var context = new SqlServerDesignTimeFactory().CreateDbContext([]);
        Assert.All(
            context.Model.GetEntityTypes().SelectMany(type => type.GetProperties())
                .Where(
                    property => property.ClrType == typeof(string) && (property.IsKey() || property.IsForeignKey() || property.IsIndex())),
            property =>
                Assert.False(property.GetKeyValueComparer().Equals("a", "A"), $"{property.DeclaringType.DisplayName()}.{property.Name}"));

        context.AttachRange(
            new IdentityUserLogin<Guid> { LoginProvider = "other", ProviderKey = "abc" },
            new IdentityUserLogin<Guid> { LoginProvider = "other", ProviderKey = "ABC" });

        Assert.Equal(2, context.ChangeTracker.Entries().Count());
    }

    [Fact]
    public void Authorizations_of_a_user_are_found_by_an_index() => Assert.All(Contexts, context => Assert.Contains(
        Tables(context).Single(table => table.Name is "Authorizations").Indexes, index => index.Columns[0].Name is "Subject"));

    private static IEnumerable<ITable> Tables(DbContext context) =>
        context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables;

    private static IEnumerable<string> Columns(DbContext context) =>
        Tables(context).SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name}")).Order(StringComparer.Ordinal);
}
