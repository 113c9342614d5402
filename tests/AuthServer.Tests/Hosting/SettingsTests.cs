using AuthServer.Hosting;
using Microsoft.Extensions.Configuration;

namespace AuthServer.Tests.Hosting;

public sealed class SettingsTests
{
    private enum Colour
    {
        Red,
        Green,
    }

    private sealed class Options
    {
        public int Count { get; set; } = 1;

        public bool Enabled { get; set; } = true;

        public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(1);

        public TimeSpan? Limit { get; set; }

        public Colour Colour { get; set; } = Colour.Green;

        public string Name { get; set; } = "name";

        public string[] Names { get; set; } = [];

        public Dictionary<string, Colour> Colours { get; set; } = [];

        public string Derived { get; internal set; } = "derived";
    }

    [Theory]
    [InlineData("Count", "many", "Section:Count is 'many'; it must be a whole number.")]
    [InlineData("Count", "1.5", "Section:Count is '1.5'; it must be a whole number.")]
    [InlineData("Enabled", "perhaps", "Section:Enabled is 'perhaps'; it must be true or false.")]
    [InlineData("Patience", "long", "Section:Patience is 'long'; it must be a duration as d.hh:mm:ss.")]
    [InlineData("Limit", "none", "Section:Limit is 'none'; it must be a duration as d.hh:mm:ss.")]
    [InlineData("Colour", "Blue", "Section:Colour is 'Blue'; it must be one of Red, Green.")]
    [InlineData("Colour", "7", "Section:Colour is '7'; it must be one of Red, Green.")]
    [InlineData("Colours:sky", "Blue", "Section:Colours:sky is 'Blue'; it must be one of Red, Green.")]
    public void A_value_of_the_wrong_type_is_reported_with_its_key(string key, string value, string message)
    {
        var (options, failures) = Bind((key, value));

        Assert.Equal([message], failures);
        Assert.Equivalent(new Options(), options);
    }

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var (_, failures) = Bind(("Count", "many"), ("Enabled", "perhaps"), ("Colour", "Blue"), ("Name", "fine"));

        Assert.Equal(3, failures.Count);
    }

    [Fact]
    public void Given_settings_are_bound_and_others_keep_their_defaults()
    {
        var (options, failures) = Bind(
            ("Count", "5"), ("Limit", "1.00:00:00"), ("Colour", "red"), ("Colours:sky", "Red"), ("Names:0", "a"), ("Derived", "x"));

        Assert.Empty(failures);
        Assert.Equal((5, TimeSpan.FromDays(1), Colour.Red, true), (options.Count, options.Limit, options.Colour, options.Enabled));
        Assert.Equal(Colour.Red, options.Colours["sky"]);
        Assert.Equal(["a"], options.Names);
        Assert.Equal("derived", options.Derived);
    }

    [Theory]
    [InlineData("10.0.0.1,10.0.0.2")]
    [InlineData("10.0.0.1 10.0.0.2")]
    [InlineData(" 10.0.0.1; 10.0.0.2 ")]
    public void A_list_fits_in_one_variable(string value) => Assert.Equal(["10.0.0.1", "10.0.0.2"], Bind(("Names", value)).Options.Names);

    [Fact]
    public void An_empty_variable_counts_as_not_set()
    {
        var (options, failures) = Bind(
            ("Count", ""),
            ("Colours", ""),
            ("Enabled", ""),
            ("Colour", ""),
            ("Names", ""),
            ("Limit", ""),
            ("Name", ""),
            ("Name:File", ""),
            ("Count:File", ""));

        Assert.Empty(failures);
        Assert.Equivalent(new Options(), options);
    }

    [Fact]
    public void List_members_count_beside_an_empty_variable() => Assert.Equal(["a"], Bind(("Names", ""), ("Names:0", "a")).Options.Names);

    private static (Options Options, IReadOnlyList<string> Failures) Bind(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"Section:{value.Key}", (string?)value.Value)))
            .Build();
        var options = new Options();
        return (options, Settings.Bind(options, configuration.GetSection("Section")));
    }
}
