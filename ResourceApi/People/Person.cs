using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ResourceApi.People;

/// <summary>What this API remembers of a person from the tokens it has seen.</summary>
internal sealed class Person
{
    /// <summary>The token's subject.</summary>
    public Guid Id { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>To the minute: <see cref="RememberCaller"/> does not write at every request.</summary>
    public DateTimeOffset LastSeenAt { get; init; }
}

internal sealed class PersonConfiguration : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("People");
        builder.Property(person => person.Id).ValueGeneratedNever();
    }
}
