namespace AuthServer.Outbox;

/// <summary>
/// Owns the engine that sends messages which were saved in the transaction of a change: claims, retries, limits. Mail/ and Logout/ use it
/// for their messages. Serves no route.
/// </summary>
internal static class OutboxFeature
{
    public static void AddOutbox<TMessage, TDelivery, TLanes, TService>(this IServiceCollection services)
        where TMessage : OutboxMessage
        where TDelivery : OutboxDelivery<TMessage>
        where TLanes : OutboxLanes<TMessage>
        where TService : OutboxService<TMessage, TDelivery>
    {
        services.AddSingleton<WakeSignal<TMessage>>();
        services.AddSingleton<TLanes>();
        services.AddScoped<TDelivery>();
        services.AddHostedService<TService>();
    }
}
