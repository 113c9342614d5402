using System.Linq.Expressions;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Support;

/// <summary>
/// Refuses a query that sorts by a Guid first: SQL Server sorts a Guid by its last six bytes, so "the latest by id" is an arbitrary
/// row there. Allowed are a walk through a table in batches from the end of the last batch, and a deletion in batches, because any
/// order will do for them. A Guid after another sort key is allowed, too.
/// </summary>
internal sealed class OrderByGuid : IQueryExpressionInterceptor
{
    // One instance for all, because EF caches its services by this instance.
    private static readonly OrderByGuid Instance = new();

    public static void RefuseIn(IServiceCollection services)
    {
        services.ConfigureDbContext<SqliteAuthDbContext>(options => options.AddInterceptors(Instance));
        services.ConfigureDbContext<SqlServerAuthDbContext>(options => options.AddInterceptors(Instance));
        services.ConfigureDbContext<PostgresAuthDbContext>(options => options.AddInterceptors(Instance));
    }

    public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData)
    {
        var found = new Visitor();
        found.Visit(queryExpression);
        return found.Sorts && !found.Walks
            ? throw new InvalidOperationException($"A query sorts by a Guid: {queryExpression}")
            : queryExpression;
    }

    private sealed class Visitor : ExpressionVisitor
    {
        public bool Sorts { get; private set; }

        public bool Walks { get; private set; }

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            Walks |= node.Method.Name.StartsWith("ExecuteDelete", StringComparison.Ordinal);
            Sorts |= node.Method.Name is nameof(Queryable.OrderBy) or nameof(Queryable.OrderByDescending)
                && IsGuid(node.Method.GetGenericArguments()[^1]);
            return base.VisitMethodCall(node);
        }

        protected override Expression VisitBinary(BinaryExpression node)
        {
            Walks |= node.NodeType is ExpressionType.GreaterThan && IsGuid(node.Left.Type);
            return base.VisitBinary(node);
        }

        private static bool IsGuid(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(Guid);
    }
}
