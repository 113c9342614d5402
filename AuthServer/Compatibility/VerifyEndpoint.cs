namespace AuthServer.Compatibility;

/// <summary><c>POST /api-token-verify/</c>: returns the token if it and its sign-in are still valid.</summary>
internal static class VerifyEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, ActingClient acting, TokenCheck check)
    {
        var (values, refusal) = await RequestFields.ReadAsync(context, "token");
        if (refusal is not null)
        {
            return refusal;
        }

        if (await acting.FindAsync(context.RequestAborted) is null)
        {
            return ActingClient.Unusable;
        }

        var text = values[0].Trim();
        var (token, problem) = await check.CheckAsync(context, text, context.RequestAborted);
        return token is null ? problem!
            : token.HasExpired ? Refusal.Expired
            : Results.Json(new Dictionary<string, string> { [ShapeTokenAnswer.Token] = text });
    }
}
