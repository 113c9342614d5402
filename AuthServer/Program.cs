using AuthServer.Connect;
using AuthServer.Data;
using AuthServer.Keys;
using AuthServer.Users;

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Services.AddData();
    builder.Services.AddUsers();
    builder.AddKeys();
    builder.AddConnect();

    var app = builder.Build();
    app.UseConnect();
    app.MapConnect();
    return app;
}

var app = Build(args);
await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
await app.Services.GetRequiredService<KeyRing>().LoadAsync(CancellationToken.None);
await app.RunAsync();
