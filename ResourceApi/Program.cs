using Microsoft.Extensions.Options;
using ResourceApi.Bearer;
using ResourceApi.Data;
using ResourceApi.Hosting;
using ResourceApi.Notes;
using ResourceApi.People;

var builder = WebApplication.CreateBuilder(args);
if (args is [HealthProbe.Command])
{
    return await HealthProbe.RunAsync(builder.Configuration);
}

builder.AddHosting();
builder.Services.AddBearer();
builder.Services.AddData();
builder.Services.AddNotes();

var stopping = CancellationToken.None;
try
{
    await using var app = builder.Build();
    stopping = app.Lifetime.ApplicationStopping;
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    await app.MigrateAsync();

    app.UseHosting();
    app.UseBearer();

    app.MapHealth();
    app.MapResourceMetadata();
    var api = app.MapGroup("/api").RequireAuthorization().AddEndpointFilter<RememberCaller>();
    api.MapPeople();
    api.MapNotes();

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
