using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AuthServer.Data;

/// <summary>An instant in UTC: PostgreSQL refuses any other offset, SQL Server would keep it.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    instant => instant.ToUniversalTime(),
    instant => instant);
