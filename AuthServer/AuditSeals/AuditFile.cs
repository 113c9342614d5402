using System.Runtime.CompilerServices;
using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Hosting;

namespace AuthServer.AuditSeals;

/// <summary>
/// An export that can be verified without the database: JSON lines, first the public keys, then the checkpoints, then each link with its
/// event. What names people is in it as sealed bytes only.
/// </summary>
internal sealed class AuditFile : IAuditSource
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerOptions.Web);

    private readonly FileInfo file;

    private AuditFile(FileInfo file) => this.file = file;

    /// <exception cref="OperatorException">There is no such file.</exception>
    public static AuditFile Open(FileInfo file) =>
        file.Exists ? new AuditFile(file) : throw new OperatorException($"There is no file '{file.FullName}'.");

    public static async Task WriteAsync(IAuditSource source, TextWriter output, CancellationToken cancellationToken)
    {
        await foreach (var key in source.KeysAsync(cancellationToken))
        {
            // Security: the private key stays where it is.
            var open = new AuditKey
            {
                KeyId = key.KeyId,
                Generation = key.Generation,
                CreatedAt = key.CreatedAt,
                PublicKey = key.PublicKey,
                Endorsement = key.Endorsement,
            };
            await output.WriteLineAsync(JsonSerializer.Serialize(new Line { Key = open }, Format));
        }

        await foreach (var checkpoint in source.CheckpointsAsync(cancellationToken))
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(new Line { Checkpoint = checkpoint }, Format));
        }

        await foreach (var (seal, entry) in source.LinksAsync(cancellationToken))
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(new Line { Seal = seal, Event = entry }, Format));
        }
    }

    public async IAsyncEnumerable<AuditKey> KeysAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LinesAsync(cancellationToken))
        {
            if (line.Key is not { } key)
            {
                yield break;
            }

            yield return key;
        }
    }

    public async IAsyncEnumerable<AuditCheckpoint> CheckpointsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LinesAsync(cancellationToken))
        {
            if (line.Seal is not null)
            {
                yield break;
            }

            if (line.Checkpoint is { } checkpoint)
            {
                yield return checkpoint;
            }
        }
    }

    public async IAsyncEnumerable<(AuditSeal Seal, AuditEvent? Event)> LinksAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LinesAsync(cancellationToken))
        {
            if (line.Seal is { } seal)
            {
                yield return (seal, line.Event);
            }
        }
    }

    /// <summary>An export has sealed events only.</summary>
    public Task<AuditEvent?> UnsealedAsync(CancellationToken cancellationToken) => Task.FromResult<AuditEvent?>(null);

    private async IAsyncEnumerable<Line> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        await foreach (var text in File.ReadLinesAsync(file.FullName, cancellationToken))
        {
            number++;
            yield return Read(text, number);
        }
    }

    private Line Read(string text, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, Format)
                ?? throw new OperatorException($"'{file.FullName}', line {number}: it is empty.");
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"'{file.FullName}', line {number}: {exception.Message}");
        }
    }

    private sealed record Line
    {
        public AuditKey? Key { get; init; }

        public AuditCheckpoint? Checkpoint { get; init; }

        public AuditSeal? Seal { get; init; }

        public AuditEvent? Event { get; init; }
    }
}
