// SampleClient is an app for copying. The core, in the other folders beside Chapters/, signs users in, keeps their tokens on the server,
// refreshes them, calls an API, and signs out. Chapters/ shows more, and the core does not know it. To keep the core alone, delete the
// folder Chapters/ and the two places below that name it. README.md says what is in each folder.
using Microsoft.Extensions.Options;
using SampleClient.Account;
using SampleClient.Api;
using SampleClient.App;
using SampleClient.Chapters;
using SampleClient.Hosting;
using SampleClient.Issuer;
using SampleClient.Sessions;

var builder = WebApplication.CreateBuilder(args);
if (args is [HealthProbe.Command])
{
    return await HealthProbe.RunAsync(builder.Configuration);
}

builder.AddHosting();
builder.Services.AddApp();
builder.Services.AddIssuer();
builder.Services.AddSessions();
builder.Services.AddAccount();
builder.Services.AddApi();
if (await builder.AddChaptersAsync(args) is { } exitCode)
{
    return exitCode;
}

var stopping = CancellationToken.None;
try
{
    await using var app = builder.Build();
    stopping = app.Lifetime.ApplicationStopping;
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    app.UseHosting();
    app.UseSessions();

    app.MapHealth();
    app.MapApp();
    app.MapAccount();

    await app.RunAsync();
    return 0;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    // The program was told to stop before it had started.
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}
