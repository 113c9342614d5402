using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AuthServer.Data;

/// <summary>
/// PostgreSQL has no U+0000 in text and fails the statement that holds one, be it only to look for it. Anybody can put
/// one into a request: it finds nothing there, as on the other providers.
/// </summary>
internal sealed class NulFreeTextConverter() : ValueConverter<string, string>(
    text => text.Replace('\0', '\uFFFD'),
    text => text);
