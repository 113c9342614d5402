using AuthServer.Clients;
using AuthServer.CommandLine;
using AuthServer.Compatibility;
using AuthServer.Connect;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Mail;
using AuthServer.Passwords;
using AuthServer.Platform;
using AuthServer.Sessions;
using AuthServer.Users;

static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust)
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddHosting();
    builder.Services.AddData();
    builder.Services.AddUsers();
    builder.Services.AddPasswords();
    builder.AddKeys();
    builder.Services.AddClients();
    builder.Services.AddSessions();
    builder.Services.AddMail();
    builder.AddConnect();
    builder.Services.AddCompatibility();
    builder.Services.AddPlatform();
    adjust?.Invoke(builder);

    var app = builder.Build();
    app.UseCompatibility();
    app.UseHosting();
    app.UseKeys();
    app.UsePasswords();
    app.UseConnect();
    app.MapHosting();
    app.MapConnect();
    app.MapCompatibility();
    return app;
}

return await CommandRoot.RunAsync(args, Build);
