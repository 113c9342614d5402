using System.Reflection;
using System.Text.Json.Nodes;
using AuthServer.Administration;
using AuthServer.Protocol;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AuthServer.AdminApi;

/// <summary>
/// The OpenAPI 3.1 document of the administration API, at <c>/api/admin/v1/openapi.json</c>: what each operation requires and how it can be
/// refused, taken from the endpoints themselves.
/// </summary>
internal static class AdminDocument
{
    public const string Name = "v1";
    public const string Path = AdministrationFeature.Path + "/openapi.json";

    private const string Security = "oauth2";
    private const string ProblemSchema = "Problem";

    public static void AddAdminDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.RelativePath?.StartsWith(AdministrationFeature.Path[1..], StringComparison.Ordinal) is true;
        var ownId = options.CreateSchemaReferenceId;
        options.CreateSchemaReferenceId = type => IsPatched(type.Type) ? null : NameOf(type.Type) ?? ownId(type);
        options.AddSchemaTransformer(UnwrapPatched);
        options.AddOperationTransformer(Complete);
        options.AddDocumentTransformer(Introduce);
    });

    private static bool IsPatched(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Patched<>);

    private static string? NameOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>) ? type.GetGenericArguments()[0].Name + "Page" : null;

    private static async Task UnwrapPatched(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (!IsPatched(context.JsonTypeInfo.Type))
        {
            return;
        }

        var type = context.JsonTypeInfo.Type.GetGenericArguments()[0];
        var inner = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
        var value = context.JsonPropertyInfo?.AttributeProvider is PropertyInfo property
            ? new NullabilityInfoContext().Create(property).GenericTypeArguments[0]
            : null;
        schema.Type = value?.ReadState is NullabilityState.Nullable ? inner.Type | JsonSchemaType.Null : inner.Type & ~JsonSchemaType.Null;
        schema.Items = inner.Items;
        schema.Format = inner.Format;
        schema.AdditionalProperties =
            inner.AdditionalProperties is OpenApiSchema member && value?.GenericTypeArguments is [_, { ReadState: NullabilityState.Nullable }]
                ? new OpenApiSchema { Type = member.Type | JsonSchemaType.Null }
                : inner.AdditionalProperties;
        schema.Properties = null;
        schema.Required = null;
    }

    private static async Task Complete(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<AdminOperation>().FirstOrDefault() is not { } required)
        {
            return;
        }

        var (method, document) = (context.Description.HttpMethod, context.Document!);
        operation.Security =
        [
            new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(Security, document)] = required.Scope is { } scope ? [scope] : [],
            },
        ];
        if (required.IsFresh)
        {
            operation.Description = "Needs a sign-in with a second factor that is not older than `Admin:FreshSignIn` (RFC 9470).";
        }

        if (metadata.OfType<BodyShape>().FirstOrDefault() is { } body)
        {
            document.AddComponent(body.Type.Name, await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken));
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [body.MediaType] = new()
                    {
                        Schema = new OpenApiSchemaReference(body.Type.Name, document),
                        Example = metadata.OfType<AdminExample>().FirstOrDefault() is { } example ? JsonNode.Parse(example.Json) : null,
                    },
                },
            };
        }

        if (metadata.OfType<AdminAnswerExample>().FirstOrDefault() is { } answer)
        {
            operation.Responses!.Single(response => response.Key[0] is '2').Value.Content!.Values.Single().Example = JsonNode.Parse(answer.Json);
        }

        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            parameter.Description ??= AdminDocumentTexts.OfParameter(context.Description.RelativePath!, parameter.Name!);
        }

        if (method is "PATCH" or "DELETE" && metadata.OfType<VersionedThing>().Any())
        {
            operation.Parameters.Add(Header("If-Match", "The ETag that was read; `*` for any version.", isRequired: true));
        }
        else if (method is "POST")
        {
            operation.Parameters.Add(
                Header("Idempotency-Key", "A text of your choice: a repeated request is done once, and gets the same answer.", false));
        }

        operation.Responses ??= [];
        foreach (var status in ProblemKind.All.Where(kind => IsPossible(kind, method, required, metadata)).GroupBy(kind => kind.Status))
        {
            operation.Responses[$"{status.Key}"] = new OpenApiResponse
            {
                Description = string.Join(" ", status.Select(kind => $"`{kind.Code}`: {kind.Title}")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ProblemSchema, document) },
                },
            };
        }
    }

    private static bool IsPossible(ProblemKind kind, string? method, AdminOperation operation, IList<object> metadata) => kind switch
    {
        _ when kind == ProblemKind.FreshSignInNeeded => operation.IsFresh,
        _ when kind == ProblemKind.VersionNeeded => metadata.OfType<VersionedThing>().Any() && method is not "GET",
        _ when kind == ProblemKind.MethodNotAllowed => false,
        _ when kind == ProblemKind.ImpersonationOff => operation.Scope is AdminScopes.UsersImpersonate,
        _ when kind == ProblemKind.UnsupportedMediaType => metadata.OfType<BodyShape>().Any(),
        _ when kind.Status is 409 or 412 or 422 || kind == ProblemKind.TooPowerful => method is not "GET",
        _ => true,
    };

    private static OpenApiParameter Header(string name, string description, bool isRequired) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Required = isRequired,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var issuer = context.ApplicationServices.GetRequiredService<IOptions<ConnectOptions>>().Value.IssuerUri;
        document.Info = new OpenApiInfo
        {
            Title = "AuthPlatform administration API",
            Version = "1",
            Description = "All that operators do with users, apps, sessions and keys. docs/administration.md explains it.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = issuer.GetLeftPart(UriPartial.Authority) }];
        document.Tags = AdminDocumentTexts.Tags.Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }).ToHashSet();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Security] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "An access token of this issuer for the administration API.",
            Flows = new OpenApiOAuthFlows
            {
                AuthorizationCode = new OpenApiOAuthFlow
                {
                    AuthorizationUrl = new Uri(issuer, Paths.Authorize),
                    TokenUrl = new Uri(issuer, Paths.Token),
                    RefreshUrl = new Uri(issuer, Paths.Token),
                    Scopes = AdminScopes.All.ToDictionary(scope => scope.Name, scope => scope.English),
                },
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemSchema] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Problem details (RFC 9457).",
            Required = new HashSet<string> { "type", "title", "status" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("The page that explains this kind of problem."),
                ["title"] = Text("The kind in a few words."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = Text("What was wrong this time."),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["pointer"] = Text("The field: a JSON pointer (RFC 6901)."),
                            ["detail"] = Text("What it may be."),
                        },
                    },
                },
            },
        };
        return Task.CompletedTask;

        static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
    }
}
