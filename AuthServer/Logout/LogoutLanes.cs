namespace AuthServer.Logout;

/// <summary>How many calls of this node each app has to answer now. Bounded for each alone: an app that hangs takes no place of another's.</summary>
internal sealed class LogoutLanes
{
    public const int CallsAtOnce = 4;

    private readonly Dictionary<Guid, int> calls = [];
    private readonly Lock gate = new();

    /// <summary>Apps that are to be left alone until one of their calls has ended.</summary>
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

    /// <returns>Whether the app had as many as it may: more may wait for it.</returns>
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
