using Microsoft.Extensions.Options;
using SampleClient.Account;
using SampleClient.Api;
using SampleClient.App;
using SampleClient.Device;
using SampleClient.Hosting;
using SampleClient.Issuer;
using SampleClient.Sessions;

var builder = WebApplication.CreateBuilder(args);
if (args is [HealthProbe.Command])
{
    return await HealthProbe.RunAsync(builder.Configuration);
}

if (args is [DeviceCommand.Name, ..])
{
    return await DeviceCommand.RunAsync(builder.Configuration);
}

builder.AddHosting();
builder.Services.AddApp();
builder.Services.AddIssuer();
builder.Services.AddSessions();
builder.Services.AddAccount();
builder.Services.AddApi();

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
