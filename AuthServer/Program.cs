using AuthServer.Connect;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Users;

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHosting();
    builder.Services.AddData();
    builder.Services.AddUsers();
    builder.AddKeys();
    builder.AddConnect();

    var app = builder.Build();
    app.UseHosting();
    app.UseConnect();
    app.MapHosting();
    app.MapConnect();
    return app;
}

return await StartupErrors.RunAsync(async () =>
{
    await using var app = Build(args);
    app.ValidateSettings();
    await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
    await app.Services.GetRequiredService<KeyRing>().LoadAsync(CancellationToken.None);
    await app.RunAsync();
    return 0;
});
