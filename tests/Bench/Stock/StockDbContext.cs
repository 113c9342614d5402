using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Stock;

internal sealed class StockDbContext(DbContextOptions<StockDbContext> options) : IdentityDbContext(options);
