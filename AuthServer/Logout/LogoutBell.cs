using AuthServer.Hosting;

namespace AuthServer.Logout;

internal sealed class LogoutBell : Bell;
