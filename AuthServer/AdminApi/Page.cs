using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.AdminApi;

/// <summary>A part of a list.</summary>
/// <param name="Items">In the order of the list.</param>
/// <param name="Next">The cursor of the next page; null at the end. The header <c>Link</c> (RFC 8288) has its address.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The parameters <c>cursor</c> and <c>limit</c> of every list.</summary>
/// <param name="Position">Where the page begins; empty for the first page.</param>
internal sealed record Paging(IReadOnlyList<string> Position, int Limit)
{
    public const int DefaultLimit = 50;
    public const int GreatestLimit = 500;

    /// <exception cref="AdminProblem">A parameter cannot be read.</exception>
    public static Paging Read(string? cursor, int? limit, int parts)
    {
        if (limit is < 1 or > GreatestLimit)
        {
            throw new AdminProblem(ProblemKind.InvalidRequest, $"'limit' is from 1 to {GreatestLimit}.");
        }

        if (cursor is null)
        {
            return new Paging([], limit ?? DefaultLimit);
        }

        try
        {
            if (JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(cursor)) is { } position && position.Length == parts
                && !Array.Exists(position, part => part is null))
            {
                return new Paging(position, limit ?? DefaultLimit);
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
        }

        throw Foreign();
    }

    /// <summary>The place in a list that is sorted by a text; "" for its beginning.</summary>
    public string Text => Position.Count is 0 ? "" : Position[0];

    /// <summary>The place in a list that is sorted by time and id; null for its beginning.</summary>
    /// <exception cref="AdminProblem">The cursor is of another list.</exception>
    public (DateTimeOffset At, Guid Id)? InstantAndId =>
        Position.Count is 0 ? null
        : long.TryParse(Position[0], CultureInfo.InvariantCulture, out var ticks) && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParse(Position[1], out var id) ? (new DateTimeOffset(ticks, TimeSpan.Zero), id)
        : throw Foreign();

    /// <summary>The parts of <see cref="InstantAndId"/>.</summary>
    public static string[] PositionOf(DateTimeOffset at, Guid id) =>
        [at.UtcTicks.ToString(CultureInfo.InvariantCulture), id.ToString()];

    /// <param name="rows">Up to <see cref="Limit"/> + 1 rows: the last one only shows that there are more.</param>
    /// <param name="positionOf">The parts of the position of a row, by which the next page begins after it.</param>
    public Page<TItem> PageOf<TRow, TItem>(
        HttpContext context, IReadOnlyList<TRow> rows, Func<TRow, string[]> positionOf, Func<TRow, TItem> itemOf)
    {
        var shown = rows.Take(Limit).ToList();
        if (rows.Count <= Limit)
        {
            return new Page<TItem>(shown.ConvertAll(row => itemOf(row)), null);
        }

        var next = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(positionOf(shown[^1])));
        var query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);
        query["cursor"] = next;
        var address = $"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}";
        context.Response.Headers.Link = $"<{QueryHelpers.AddQueryString(address, query)}>; rel=\"next\"";
        return new Page<TItem>(shown.ConvertAll(row => itemOf(row)), next);
    }

    private static AdminProblem Foreign() =>
        new(ProblemKind.InvalidRequest, "'cursor' is not one of this list: take 'next' of the page before.");
}
