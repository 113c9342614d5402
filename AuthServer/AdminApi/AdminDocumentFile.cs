using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace AuthServer.AdminApi;

/// <summary>The bytes of <see cref="AdminDocument"/>, made at the first request for them and then kept: making them takes some 100 ms.</summary>
internal sealed class AdminDocumentFile([FromKeyedServices(AdminDocument.Name)] IOpenApiDocumentProvider provider) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private volatile FileContentHttpResult? made;

    public static async Task<FileContentHttpResult> ShowAsync(AdminDocumentFile file, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return file.made ?? await file.MakeAsync(context.RequestAborted);
    }

    public void Dispose() => one.Dispose();

    private async Task<FileContentHttpResult> MakeAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (made is null)
            {
                var document = await provider.GetOpenApiDocumentAsync(cancellationToken);
                var bytes = new MemoryStream();
                await document.SerializeAsync(bytes, OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json, cancellationToken);
                var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()).AsSpan(0, 8))}\"");
                made = TypedResults.File(bytes.ToArray(), "application/json; charset=utf-8", entityTag: tag);
            }

            return made;
        }
        finally
        {
            one.Release();
        }
    }
}
