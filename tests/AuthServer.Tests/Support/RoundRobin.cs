namespace AuthServer.Tests.Support;

/// <summary>A proxy that sends each request to the next node, whoever sends it.</summary>
internal sealed class RoundRobin(HttpMessageHandler inner, IReadOnlyList<Uri> nodes) : DelegatingHandler(inner)
{
    private int turn = -1;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var node = nodes[(int)((uint)Interlocked.Increment(ref turn) % nodes.Count)];
        request.RequestUri = new Uri(node, request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
