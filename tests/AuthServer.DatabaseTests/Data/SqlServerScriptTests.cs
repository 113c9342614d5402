using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace AuthServer.DatabaseTests.Data;

/// <summary>
/// The script of all migrations as an operator would run it. SQL Server's own parser (ScriptDom) reads it and its schema compiler
/// (DacFx) compiles it, which is the best possible check without a server.
/// </summary>
public sealed class SqlServerScriptTests
{
    private static readonly SqlServerAuthDbContext Context = new SqlServerDesignTimeFactory().CreateDbContext([]);

    public static TheoryData<MigrationsSqlGenerationOptions> Kinds =>
        new(MigrationsSqlGenerationOptions.Default, MigrationsSqlGenerationOptions.Idempotent);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_script_is_valid_Transact_SQL(MigrationsSqlGenerationOptions kind) => Assert.NotEmpty(Parse(Script(kind)).Batches);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_script_creates_the_tables_keys_and_indexes_of_the_model_without_errors(MigrationsSqlGenerationOptions kind)
    {
        var tables = Context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.ToList();

        using var schema = Load(Script(kind));

        Assert.DoesNotContain(schema.Validate(), message => message.MessageType is Microsoft.SqlServer.Dac.DacMessageType.Error);
        Assert.Equal(
            tables.Select(table => table.Name).Append("__EFMigrationsHistory").Order(StringComparer.Ordinal),
            Names(schema, ModelSchema.Table));
        Assert.Equal(tables.Sum(table => table.Indexes.Count()), Names(schema, ModelSchema.Index).Count());
        Assert.Equal(tables.Sum(table => table.ForeignKeyConstraints.Count()), Names(schema, ModelSchema.ForeignKeyConstraint).Count());
        Assert.Equal(tables.Count + 1, Names(schema, ModelSchema.PrimaryKeyConstraint).Count());
    }

    [Theory]
    [InlineData(ReadCommittedSnapshot.Ask)]
    [InlineData(ReadCommittedSnapshot.SwitchOn)]
    public void Handwritten_statements_for_SQL_Server_are_valid_too(string statement) => Assert.NotEmpty(Parse(statement).Batches);

    [Fact]
    public void An_inconsistent_script_is_found()
    {
        using var schema = Load("CREATE TABLE [A] ([Id] int NOT NULL PRIMARY KEY); CREATE INDEX [I] ON [A] ([Missing]);");

        Assert.Contains(schema.Validate(), message => message.MessageType is Microsoft.SqlServer.Dac.DacMessageType.Error);
    }

    private static string Script(MigrationsSqlGenerationOptions kind) => Context.GetService<IMigrator>().GenerateScript(options: kind);

    private static IEnumerable<string> Names(TSqlModel schema, ModelTypeClass type) =>
        schema.GetObjects(DacQueryScopes.UserDefined, type).Select(found => found.Name.Parts[^1]).Order(StringComparer.Ordinal);

    private static TSqlScript Parse(string script)
    {
        using var reader = new StringReader(script);
        var parsed = (TSqlScript)new TSql160Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        Assert.Empty(errors.Select(error => $"{error.Line}: {error.Message}"));
        return parsed;
    }

    private static TSqlModel Load(string script)
    {
        var schema = new TSqlModel(SqlServerVersion.Sql160, new TSqlModelOptions());
        var found = new Definitions();
        Parse(script).Accept(found);
        foreach (var statement in found.Tables().Concat(found.Statements))
        {
            schema.AddObjects(statement);
        }

        return schema;
    }

    /// <summary>
    /// The statements that define something. The rest of a script decides whether to run them, and keeps the history. The schema compiler takes
    /// a column only from the statement that creates its table, so a column that a later migration adds is put there.
    /// </summary>
    private sealed class Definitions : TSqlFragmentVisitor
    {
        public List<string> Statements { get; } = [];

        private readonly List<CreateTableStatement> tables = [];

        public IEnumerable<string> Tables() => tables.Select(table =>
        {
            new Sql160ScriptGenerator().GenerateScript(table, out var text);
            return text;
        });

        public override void Visit(CreateTableStatement node) => tables.Add(node);

        public override void Visit(CreateIndexStatement node) => Statements.Add(Text(node));

        public override void Visit(AlterTableStatement node)
        {
            if (node is AlterTableAddTableElementStatement { Definition.ColumnDefinitions: { Count: > 0 } columns })
            {
                var table = tables.Single(table => NameOf(table.SchemaObjectName) == NameOf(node.SchemaObjectName));
                foreach (var column in columns)
                {
                    table.Definition.ColumnDefinitions.Add(column);
                }

                return;
            }

            Statements.Add(Text(node));
        }

        // In a conditional block, EF puts a filtered index into a string.
        public override void Visit(ExecutableStringList node) =>
            Parse(string.Concat(node.Strings.Cast<StringLiteral>().Select(part => part.Value))).Accept(this);

        private static string NameOf(SchemaObjectName name) => name.BaseIdentifier.Value;

        private static string Text(TSqlFragment node) =>
            string.Concat(node.ScriptTokenStream.Skip(node.FirstTokenIndex).Take(node.LastTokenIndex - node.FirstTokenIndex + 1)
                .Select(token => token.Text));
    }
}
