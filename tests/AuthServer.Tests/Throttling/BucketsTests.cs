using System.Net;
using AuthServer.Hosting;
using AuthServer.Throttling;
using Microsoft.Extensions.Time.Testing;

namespace AuthServer.Tests.Throttling;

public sealed class BucketsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void A_bucket_refills_evenly_and_never_beyond_its_capacity()
    {
        var buckets = new Buckets(clock, capacity: 4, refill: 2 * Second);
        Assert.Equal(4, Drain(buckets, 1));
        clock.Advance(Second);
        Assert.Equal(2, Drain(buckets, 1));
        clock.Advance(100 * Second);
        Assert.Equal(4, Drain(buckets, 1));
    }

    [Fact]
    public void The_reported_waiting_time_is_exactly_long_enough()
    {
        var buckets = new Buckets(clock, capacity: 4, refill: 2 * Second);
        Drain(buckets, 1);
        Assert.False(buckets.TryTake(Key(1), out var wait));

        clock.Advance(wait - TimeSpan.FromMilliseconds(10));
        Assert.False(buckets.TryTake(Key(1), out _));
        clock.Advance(TimeSpan.FromMilliseconds(11));
        Assert.True(buckets.TryTake(Key(1), out _));
    }

    [Fact]
    public void Each_key_has_its_own_bucket_and_a_returned_token_can_be_taken_again()
    {
        var buckets = new Buckets(clock, capacity: 2, refill: Second);
        Drain(buckets, 1);
        Assert.Equal(2, Drain(buckets, 2));

        buckets.GiveBack(Key(1));
        buckets.GiveBack(Key(3));
        Assert.Equal(1, Drain(buckets, 1));
    }

    [Fact]
    public void A_bucket_that_is_full_again_is_removed()
    {
        var buckets = new Buckets(clock, capacity: 2, refill: Second);
        for (var key = 0; key < 1000; key++)
        {
            buckets.TryTake(Key(key), out _);
        }

        clock.Advance(2 * Second);
        buckets.TryTake(Key(5000), out _);

        Assert.Equal(1, buckets.Count);
    }

    [Fact]
    public void Memory_is_limited_and_known_keys_stay_limited_too()
    {
        var buckets = new Buckets(clock, capacity: 1, refill: Second);
        for (var key = 0; key < Buckets.Most + 1000; key++)
        {
            Assert.True(buckets.TryTake(Key(key), out _));
        }

        Assert.Equal(Buckets.Most, buckets.Count);
        Assert.False(buckets.TryTake(Key(1), out _));
    }

    [Fact]
    public async Task Concurrent_requests_take_no_more_than_the_bucket_has()
    {
        var buckets = new Buckets(clock, capacity: 100, refill: Second);
        var taken = 0;
        await Parallel.ForAsync(0, 1000, (_, _) =>
        {
            if (buckets.TryTake(Key(1), out var _))
            {
                Interlocked.Increment(ref taken);
            }

            return ValueTask.CompletedTask;
        });

        Assert.Equal(100, taken);
    }

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.1", true)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", true)]
    [InlineData("203.0.113.1", "203.0.113.2", false)]
    [InlineData("::ffff:203.0.113.1", "::ffff:203.0.113.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "0.0.0.1", false)]
    public void A_client_is_an_IPv4_address_or_an_IPv6_network(string one, string other, bool same) =>
        Assert.Equal(same, ClientAddress.Key(IPAddress.Parse(one)) == ClientAddress.Key(IPAddress.Parse(other)));

    private static int Drain(Buckets buckets, int key)
    {
        var count = 0;
        while (buckets.TryTake(Key(key), out _))
        {
            count++;
        }

        return count;
    }

    private static Fingerprint Key(int number) => new(0, number);
}
