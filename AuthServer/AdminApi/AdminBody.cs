namespace AuthServer.AdminApi;

/// <summary>
/// The body of a changing request, read before anything else: who could stretch it would otherwise act with the rights that they had when the
/// request began.
/// </summary>
internal sealed record AdminBody(byte[] Bytes)
{
    private const int Longest = 256 * 1024;

    /// <exception cref="AdminProblem">It is too long.</exception>
    public static async Task<AdminBody> ReadAsync(HttpRequest request)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (bytes.Length + read > Longest)
            {
                throw new AdminProblem(ProblemKind.InvalidRequest, $"The body is longer than {Longest} bytes.");
            }

            bytes.Write(buffer, 0, read);
        }

        return new AdminBody(bytes.ToArray());
    }
}
