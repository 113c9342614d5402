using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ResourceApi.People;

/// <summary>A user, as described by the tokens that this API has seen.</summary>
internal sealed class Person
{
    /// <summary>The token's subject.</summary>
    public Guid Id { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>Accurate to one minute, because <see cref="RememberCaller"/> does not write on every request.</summary>
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
