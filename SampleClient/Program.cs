using Microsoft.Extensions.Options;
using SampleClient.Api;
using SampleClient.App;
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
builder.Services.AddApi();

try
{
    await using var app = builder.Build();
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    app.UseHosting();
    app.UseSessions();

    app.MapHealth();
    app.MapApp();

    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}
