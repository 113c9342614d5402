using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace AuthServer.Data;

/// <summary>Makes ids that grow with time (RFC 9562 5.7), so that inserts land at the end of the index.</summary>
internal sealed class GuidVersion7 : ValueGenerator<Guid>
{
    public override bool GeneratesTemporaryValues => false;

    public override Guid Next(EntityEntry entry) => Guid.CreateVersion7();

    public static void UseForKeys(ModelBuilder builder, DbContext context)
    {
        // SQL Server sorts a uniqueidentifier by its last six bytes, which are random in version 7. There the provider's own
        // sequential ids are used instead. Only users have version 7 ids on every provider.
        var types = context.Database.ProviderName!.EndsWith(".SqlServer", StringComparison.Ordinal)
            ? [builder.Model.FindEntityType(typeof(User))!]
            : builder.Model.GetEntityTypes();

        foreach (var type in types)
        {
            if (type.FindPrimaryKey() is { Properties: [{ } id] } && id.ClrType == typeof(Guid))
            {
                id.SetValueGeneratorFactory(typeof(Factory));
            }
        }
    }

    /// <summary>A type instead of a lambda, because the compiled model has to name it.</summary>
    internal sealed class Factory : ValueGeneratorFactory
    {
        public override ValueGenerator Create(IProperty property, ITypeBase typeBase) => new GuidVersion7();
    }
}
