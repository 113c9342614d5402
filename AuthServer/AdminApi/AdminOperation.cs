using AuthServer.Administration;

namespace AuthServer.AdminApi;

/// <summary>What an operation requires of its caller. It is metadata of the endpoint, so that challenges and the document can name it.</summary>
/// <param name="Scope">A name of <see cref="AdminScopes"/>; null if any caller with some power may do it.</param>
/// <param name="IsFresh">True if it destroys something or is about credentials: the person must have signed in lately, strongly.</param>
internal sealed record AdminOperation(string? Scope, bool IsFresh);

/// <summary>Marks an operation that needs <c>If-Match</c>.</summary>
internal sealed record VersionedThing;

/// <summary>A body that the operation takes, for its document and for the test that sends it.</summary>
internal sealed record AdminExample(string Json);

/// <summary>What the operation may answer, for its document.</summary>
internal sealed record AdminAnswerExample(string Json);

internal static class AdminOperationExtensions
{
    public static RouteHandlerBuilder Requires(this RouteHandlerBuilder endpoint, string? scope, bool isFresh = false) =>
        endpoint.WithMetadata(new AdminOperation(scope, isFresh));

    public static RouteHandlerBuilder RequiresVersion(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new VersionedThing());

    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder endpoint, string json) =>
        endpoint.WithMetadata(new AdminExample(json));

    public static RouteHandlerBuilder WithAnswerExample(this RouteHandlerBuilder endpoint, string json) =>
        endpoint.WithMetadata(new AdminAnswerExample(json));
}
