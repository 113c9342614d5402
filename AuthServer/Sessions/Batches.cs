namespace AuthServer.Sessions;

internal static class Batches
{
    /// <summary>
    /// Groups neighbours so that no group weighs more than <paramref name="most"/>. An element that is heavier forms a group of its own.
    /// </summary>
    public static IEnumerable<List<T>> Of<T>(IEnumerable<T> all, Func<T, int> weight, int most)
    {
        List<T> batch = [];
        var sum = 0;
        foreach (var one in all)
        {
            if (batch.Count > 0 && sum + weight(one) > most)
            {
                yield return batch;
                (batch, sum) = ([], 0);
            }

            batch.Add(one);
            sum += weight(one);
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
