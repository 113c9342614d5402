namespace AuthServer.Compatibility;

/// <summary>Reads text fields of a request and checks them like a serializer of Django REST framework.</summary>
internal static class RequestFields
{
    /// <param name="names">All of them are required.</param>
    /// <returns>The texts in the order of the names, or the refusal.</returns>
    public static async Task<(string[] Values, Refusal? Refusal)> ReadAsync(HttpContext context, params string[] names)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context, names);
        if (body is null)
        {
            return ([], refusal);
        }

        var problems = names.Select(name => (Field: name, Message: ProblemOf(body, name)))
            .Where(entry => entry.Message is not null).ToList();
        return problems.Count is 0
            ? ([.. names.Select(name => body[name].Text!)], null)
            : ([], Refusal.OfFields(problems.Select(problem => (problem.Field, problem.Message!))));
    }

    private static string? ProblemOf(Dictionary<string, FieldValue> body, string name) =>
        body.TryGetValue(name, out var value) ? value switch
        {
            { Problem: { } problem } => problem,
            { Text: { } text } when string.IsNullOrWhiteSpace(text) => "This field may not be blank.",

            // PostgreSQL cannot store U+0000.
            { Text: { } text } when text.Contains('\0', StringComparison.Ordinal) => "Null characters are not allowed.",
            _ => null,
        }
        : "This field is required.";
}
