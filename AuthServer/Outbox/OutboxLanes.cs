namespace AuthServer.Outbox;

/// <summary>Limits the messages of one table that this node sends at the same time, so that a slow recipient holds up no other.</summary>
internal abstract class OutboxLanes<TMessage> where TMessage : OutboxMessage
{
    /// <summary>True if any message could enter now.</summary>
    public virtual bool HasRoom => true;

    /// <summary>Leaves out the messages that could not enter now.</summary>
    public abstract IQueryable<TMessage> WithRoom(IQueryable<TMessage> messages);

    public abstract bool TryEnter(TMessage message);

    public abstract void Leave(TMessage message);
}
