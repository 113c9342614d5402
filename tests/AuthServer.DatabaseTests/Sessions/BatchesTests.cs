using AuthServer.Sessions;

namespace AuthServer.DatabaseTests.Sessions;

public sealed class BatchesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("3", "3")]
    [InlineData("3 4 3", "3 4|3")]
    [InlineData("9 1 1", "9|1 1")]
    [InlineData("4 4 4 4 4", "4|4|4|4|4")]
    public void No_batch_exceeds_the_limit_unless_it_has_one_entry(string weights, string expected) => Assert.Equal(
        expected,
        string.Join(
            '|',
            Batches.Of(weights.Split(' ', StringSplitOptions.RemoveEmptyEntries), int.Parse, 7).Select(batch => string.Join(' ', batch))));
}
