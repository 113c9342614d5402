using AuthServer.Clients;
using AuthServer.CommandLine;
using AuthServer.Connect;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Passwords;
using AuthServer.Platform;
using AuthServer.Sessions;
using AuthServer.Users;

static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHosting();
    builder.Services.AddData();
    builder.Services.AddUsers();
    builder.Services.AddPasswords();
    builder.AddKeys();
    builder.Services.AddClients();
    builder.Services.AddSessions();
    builder.AddConnect();
    builder.Services.AddPlatform();
    adjust?.Invoke(builder);

    var app = builder.Build();
    app.UseHosting();
    app.UsePasswords();
    app.UseConnect();
    app.MapHosting();
    app.MapConnect();
    return app;
}

return await CommandRoot.RunAsync(args, Build);
