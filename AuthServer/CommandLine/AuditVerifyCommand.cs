using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using AuthServer.AuditSeals;
using AuthServer.Hosting;
using AuthServer.Requests;

namespace AuthServer.CommandLine;

internal static partial class AuditVerifyCommand
{
    public static Command Create(CommandHost host)
    {
        var anchor = new Option<FileInfo?>("--anchor")
        {
            Description = "A file with checkpoints that were kept elsewhere: the server's log, or lines of a sequence and a hash. With it, a "
                + "missing end and a history that was sealed anew are found, too.",
        };
        var file = new Option<FileInfo?>("--file") { Description = "Verify this export ('--format chain') instead of the database." };
        var key = new Option<string[]>("--key")
        {
            Description = "The id of the first audit key, as it was noted down; also of a key that replaced a lost one. Without it, the first "
                + "key that is there is trusted.",
        };
        var command = new Command(
            "verify", "Check that no event was changed, deleted, inserted or moved. The exit code is 1 if one was.") { anchor, file, key };
        command.SetAction((result, cancellationToken) =>
        {
            return result.GetValue(file) is { } export
                ? StartupErrors.RunAsync(() => VerifyAsync(AuditFile.Open(export)))
                : host.RunOnDataAsync(services => VerifyAsync(services.GetRequiredService<AuditDatabase>()));

            Task<int> VerifyAsync(IAuditSource source) => AuditVerifyCommand.VerifyAsync(
                source,
                result.GetValue(anchor) is { } kept ? ReadAnchors(kept) : [],
                result.GetValue(key) ?? [],
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> VerifyAsync(
        IAuditSource source, List<AuditAnchor> anchors, string[] trusted, CancellationToken cancellationToken)
    {
        var verifier = new AuditVerifier(source, anchors, trusted);
        var problem = await verifier.FirstProblemAsync(cancellationToken);
        if (problem is not null)
        {
            // Retention may have deleted rows while they were read.
            verifier = new AuditVerifier(source, anchors, trusted);
            problem = await verifier.FirstProblemAsync(cancellationToken);
        }

        if (problem is not null)
        {
            await Console.Error.WriteLineAsync($"audit verify: {problem}");
            return 1;
        }

        Console.WriteLine(
            $"The audit is as it was written: {TextFormat.Count(verifier.Checked, "event")}, "
            + $"{TextFormat.Count(verifier.Checkpoints, "signed checkpoint")}, {verifier.Anchors} of {TextFormat.Count(anchors.Count, "anchor")} "
            + $"compared. First key: {verifier.FirstKey ?? "none yet"}{(trusted.Length > 0 ? "" : ", taken on trust: give it with --key")}.");
        return 0;
    }

    private static List<AuditAnchor> ReadAnchors(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new OperatorException($"There is no file '{file.FullName}'.");
        }

        List<AuditAnchor> anchors =
        [
            .. File.ReadLines(file.FullName).Select(line => Anchor().Match(line)).Where(match => match.Success)
                .Select(match => new AuditAnchor(
                    long.Parse(match.Groups["sequence"].ValueSpan, CultureInfo.InvariantCulture),
                    Convert.FromHexString(match.Groups["hash"].ValueSpan))),
        ];
        return anchors.Count > 0 ? anchors : throw new OperatorException($"'{file.FullName}' contains no checkpoint.");
    }

    // A line of the log, as text or as JSON, or a sequence and a hash.
    [GeneratedRegex(
        @"(^(?<sequence>[0-9]{1,18}):? |Audit checkpoint (?<sequence>[0-9]{1,18}): hash [\\""]*)(?<hash>[0-9a-f]{64})\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Anchor();
}
