using System.CommandLine;
using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Hosting;
using AuthServer.Operations;
using AuthServer.SupportCodes;

namespace AuthServer.CommandLine;

internal static class TraceCommand
{
    private static readonly string[] Headers = ["TIME", "STEP", "APP", "PERSON", "TRACE", "WHAT AND WHY"];

    public static Command Create(CommandHost host)
    {
        var code = new Argument<string?>("code")
        {
            Description = "The support code on an error page or in a mail: 7K2Q-M4XA or 7k2q m4xa.",
            Arity = new ArgumentArity(1, 2),
            CustomParser = OptionValues.ParseSupportCode,
        };
        var json = OptionValues.Json();
        var command = new Command("trace", "Show the steps of a sign-in by its support code: what was decided, and why.") { code, json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var asked = result.GetValue(code)!;
            var trace = await services.GetRequiredService<SupportQueries>().FindAsync(asked, cancellationToken)
                ?? throw new OperatorException(
                    $"Nothing is kept under the support code {SupportCode.Show(asked)}: it is mistyped, or too old, or its server is another one.");
            if (result.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(Json(trace), JsonSerializerOptions.Web));
                return 0;
            }

            Write(trace);
            return 0;
        }));
        return command;
    }

    private static void Write(SupportTrace trace)
    {
        var steps = new Listing<ReadableStep>(isJson: false, Headers, Cells, row => row);
        steps.Add(trace.Steps);
        if (trace.IsFull)
        {
            Console.WriteLine("(later steps were not kept)");
        }

        if (trace.Events.Count > 0)
        {
            Console.WriteLine();
            Console.WriteLine("In the audit:");
            var events = new Listing<ReadableEvent>(isJson: false, AuditListCommand.Headers, AuditListCommand.Cells, row => row);
            events.Add(trace.Events);
        }
    }

    private static string?[] Cells(ReadableStep row) =>
    [
        TextFormat.Instant(row.Step.At),
        row.Step.Step,
        row.Step.ClientId,
        row.User ?? row.Step.UserId?.ToString(),
        row.Step.TraceId,
        row.Words,
    ];

    private static object Json(SupportTrace trace) => new
    {
        Code = SupportCode.Show(trace.Code),
        Steps = trace.Steps.Select(row => new
        {
            Time = row.Step.At,
            row.Step.Step,
            row.Step.Reason,
            row.Step.Details,
            row.Words,
            Client = row.Step.ClientId,
            User = row.Step.UserId,
            UserName = row.User,
            Session = row.Step.SessionId,
            Trace = row.Step.TraceId,
        }),
        trace.IsFull,
        Audit = trace.Events.Select(AuditView.Of),
    };
}
