namespace AuthServer.Administration;

/// <summary>
/// What somebody may do through the administration API: for each scope, with all users or only with the holders of some roles.
/// </summary>
/// <param name="allowed">By scope: null for all users, otherwise the ids of roles.</param>
internal sealed class AdminPower(IReadOnlyDictionary<string, IReadOnlySet<Guid>?> allowed)
{
    public static AdminPower None { get; } = new(new Dictionary<string, IReadOnlySet<Guid>?>(StringComparer.Ordinal));

    /// <summary>Everything: the power of an operator at the command line.</summary>
    public static AdminPower Full { get; } =
        new(AdminScopes.All.ToDictionary(scope => scope.Name, _ => (IReadOnlySet<Guid>?)null, StringComparer.Ordinal));

    /// <summary>The names of the scopes, in the order of <see cref="AdminScopes.All"/>.</summary>
    public IEnumerable<string> Scopes => AdminScopes.All.Select(scope => scope.Name).Where(allowed.ContainsKey);

    public bool IsNone => allowed.Count is 0;

    /// <summary>Two powers with the same text allow the same.</summary>
    public override string ToString() => string.Join(
        ' ',
        Scopes.Select(scope => allowed[scope] is { } roles ? $"{scope}({string.Join(',', roles.Order())})" : scope));

    /// <summary>True if it has every scope for all users.</summary>
    public bool IsFull => Covers(Full);

    public bool Has(string scope) => allowed.ContainsKey(scope);

    /// <summary>True if the scope is not limited to the holders of some roles.</summary>
    public bool HasForAll(string scope) => allowed.TryGetValue(scope, out var users) && users is null;

    /// <returns>
    /// The roles whose holders may be seen or changed with the scope; null for all users; empty for nobody.
    /// </returns>
    public IReadOnlySet<Guid>? RolesFor(string scope) =>
        allowed.TryGetValue(scope, out var users) ? users : new HashSet<Guid>();

    /// <summary>True if this power allows all that the other does. Nobody may give, or act on, more than they have themselves.</summary>
    public bool Covers(AdminPower other) => other.Scopes.All(scope =>
        Has(scope) && (RolesFor(scope) is not { } mine || (other.RolesFor(scope) is { } theirs && theirs.IsSubsetOf(mine))));

    /// <summary>The same power for these scopes only: a token may have fewer scopes than its owner's roles allow.</summary>
    public AdminPower LimitedTo(IReadOnlySet<string> scopes) =>
        new(allowed.Where(one => scopes.Contains(one.Key)).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal));

    /// <summary>What several roles allow together.</summary>
    public static AdminPower Of(IEnumerable<RolePermissions> roles)
    {
        var sum = new Dictionary<string, IReadOnlySet<Guid>?>(StringComparer.Ordinal);
        foreach (var role in roles)
        {
            foreach (var scope in role.Scopes.Contains(AdminScopes.Everything) ? AdminScopes.ByName.Keys : role.Scopes)
            {
                IReadOnlySet<Guid>? users = role.UsersIn.Count is 0 ? null : role.UsersIn.ToHashSet();
                sum[scope] = users is null || (sum.TryGetValue(scope, out var known) && known is null)
                    ? null
                    : users.Union(known ?? new HashSet<Guid>()).ToHashSet();
            }
        }

        return new AdminPower(sum);
    }
}
