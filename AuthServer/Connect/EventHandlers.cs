using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect;

/// <summary>Adds our handlers to OpenIddict's events, each beside or in place of one of OpenIddict's own handlers.</summary>
internal static class EventHandlers
{
    /// <summary>Begins the handlers of an event. Handlers beside the same neighbour run in the order in which they are added.</summary>
    public static EventHandlers<TContext> On<TContext>(this OpenIddictServerBuilder server) where TContext : BaseContext => new(server);
}

/// <inheritdoc cref="EventHandlers"/>
internal sealed class EventHandlers<TContext>(OpenIddictServerBuilder server) where TContext : BaseContext
{
    // OpenIddict leaves several hundred numbers between two of its handlers.
    private const int RoomBefore = 100;

    public EventHandlers<TContext> Before<THandler>(OpenIddictServerHandlerDescriptor neighbour)
        where THandler : class, IOpenIddictServerHandler<TContext> => Add<THandler>(neighbour.Order - RoomBefore);

    /// <summary>The same, with a filter that saves creating the handler for an event that does not concern it.</summary>
    public EventHandlers<TContext> Before<THandler, TFilter>(OpenIddictServerHandlerDescriptor neighbour)
        where THandler : class, IOpenIddictServerHandler<TContext>
        where TFilter : class, IOpenIddictServerHandlerFilter<TContext>
    {
        server.Services.TryAddSingleton<TFilter>();
        return Add<THandler>(neighbour.Order - RoomBefore, handler => handler.AddFilter<TFilter>());
    }

    public EventHandlers<TContext> After<THandler>(OpenIddictServerHandlerDescriptor neighbour)
        where THandler : class, IOpenIddictServerHandler<TContext> => Add<THandler>(neighbour.Order + 1);

    /// <summary>Removes a handler of OpenIddict and adds ours in its place.</summary>
    public EventHandlers<TContext> InPlaceOf<THandler>(OpenIddictServerHandlerDescriptor replaced)
        where THandler : class, IOpenIddictServerHandler<TContext>
    {
        server.RemoveEventHandler(replaced);
        return Add<THandler>(replaced.Order);
    }

    private EventHandlers<TContext> Add<THandler>(int order, Action<OpenIddictServerHandlerDescriptor.Builder<TContext>>? refine = null)
        where THandler : class, IOpenIddictServerHandler<TContext>
    {
        var lifetime = NeedsRequest(typeof(THandler)) ? ServiceLifetime.Scoped : ServiceLifetime.Singleton;
        server.Services.TryAdd(new ServiceDescriptor(typeof(THandler), typeof(THandler), lifetime));
        server.Configure(options =>
        {
            var handler = OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>().SetOrder(FirstFree(options, order));
            handler = lifetime is ServiceLifetime.Scoped ? handler.UseScopedHandler<THandler>() : handler.UseSingletonHandler<THandler>();
            refine?.Invoke(handler);
            options.Handlers.Add(handler.Build());
        });
        return this;
    }

    // No two handlers of an event have the same order: OpenIddict does not say which of the two would run first.
    private static int FirstFree(OpenIddictServerOptions options, int order)
    {
        var taken = options.Handlers.Where(handler => handler.ContextType == typeof(TContext)).Select(handler => handler.Order).ToHashSet();
        while (taken.Contains(order))
        {
            order++;
        }

        return order;
    }

    // Only a handler that uses a service of the request, such as the database context, is created for each request.
    private bool NeedsRequest(Type handler) =>
        !handler.GetConstructors().Single().GetParameters().All(parameter => IsForEachRequest(parameter.ParameterType) is false);

    // Null for a service that has not been registered yet.
    private bool? IsForEachRequest(Type service) => server.Services
        .LastOrDefault(known => known.ServiceType == service
            || (service.IsGenericType && known.ServiceType == service.GetGenericTypeDefinition()))
        is { } found ? found.Lifetime is not ServiceLifetime.Singleton : null;
}
