using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AuthServer.Data;

/// <summary>
/// Replaces U+0000 in text, because PostgreSQL fails every statement that contains it, even a search. Any request can contain
/// it. The replaced text is not found, as on the other providers.
/// </summary>
internal sealed class NulFreeTextConverter() : ValueConverter<string, string>(
    text => text.Replace('\0', '\uFFFD'),
    text => text);
