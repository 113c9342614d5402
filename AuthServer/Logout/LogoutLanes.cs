namespace AuthServer.Logout;

/// <summary>
/// Counts the calls of this node that each app has not answered yet. Each app has its own limit, so an app that hangs delays no other.
/// </summary>
internal sealed class LogoutLanes
{
    public const int CallsAtOnce = 4;

    private readonly Dictionary<Guid, int> calls = [];
    private readonly Lock gate = new();

    /// <summary>The apps that get no further call until one of theirs has ended.</summary>
    public IReadOnlyList<Guid> Full
    {
        get
        {
            lock (gate)
            {
                return [.. calls.Where(app => app.Value >= CallsAtOnce).Select(app => app.Key)];
            }
        }
    }

    public bool TryEnter(Guid app)
    {
        lock (gate)
        {
            var count = calls.GetValueOrDefault(app);
            if (count >= CallsAtOnce)
            {
                return false;
            }

            calls[app] = count + 1;
            return true;
        }
    }

    /// <returns>True if the lane was full. More notices may then wait for the app.</returns>
    public bool Leave(Guid app)
    {
        lock (gate)
        {
            var count = calls[app];
            if (count > 1)
            {
                calls[app] = count - 1;
            }
            else
            {
                calls.Remove(app);
            }

            return count >= CallsAtOnce;
        }
    }
}
