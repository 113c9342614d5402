using Microsoft.EntityFrameworkCore;
using ResourceApi.Notes;
using ResourceApi.People;

namespace ResourceApi.Data;

/// <summary>The API's own data. The API has no access to the issuer's database.</summary>
internal sealed class ApiDbContext(DbContextOptions<ApiDbContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    public DbSet<Person> People => Set<Person>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ApiDbContext).Assembly);
}
