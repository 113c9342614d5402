using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

internal sealed class Role : IdentityRole<Guid>;
