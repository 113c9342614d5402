using AuthServer.Data;
using AuthServer.Users;

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Services.AddData();
    builder.Services.AddUsers();

    var app = builder.Build();
    return app;
}

await Build(args).RunAsync();
