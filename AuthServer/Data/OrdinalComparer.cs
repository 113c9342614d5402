using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AuthServer.Data;

/// <summary>
/// Compares text as the columns do (<see cref="SqlServerModel.Collation"/>). EF's own comparer for SQL Server ignores case in keys.
/// </summary>
internal sealed class OrdinalComparer() : ValueComparer<string>(
    (left, right) => string.Equals(left, right, StringComparison.Ordinal), text => StringComparer.Ordinal.GetHashCode(text), text => text);
