/// The OpenAPI 3.1 description of the API. A test holds it against the routes that the server has.
public enum OpenAPIDocument {
    public static let text = #"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Weir workflow service",
            "version": "\#(APIVersion.newestStable.rawValue)",
            "summary": "Runs workflows and tells what happened.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Every path is the same with and without a slash at its end. HEAD is wherever GET is. Every answer \#
        has Request-Id and api-version; every answer to a request with a good access token has RateLimit-Policy and \#
        RateLimit, unless the tenant has no limit. A parameter that is unknown, repeated or empty is refused. Checks come in \#
        this order: path, method, version, access token, tenant, policy, rate limit, parameters and body."
          },
          "servers": [
            {"url": "http://{tenant}.{domain}", "variables": {"tenant": {"default": "acme"}, "domain": {"default": \#
        "localhost:8080"}}},
            {"url": "http://{domain}", "variables": {"domain": {"default": "localhost:8080"}}}
          ],
          "security": [{"accessToken": []}],
          "paths": {
            \#(paths.joined(separator: ",\n    "))
          },
          "components": {
            "securitySchemes": {
              "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
              "clientBasic": {"type": "http", "scheme": "basic", "description": "Client id and client secret."}
            },
            "parameters": {
              \#(parameters),
              \#(alertParameters)
            },
            "headers": {
              \#(headers)
            },
            "responses": {
              \#(responses)
            },
            "schemas": {
              \#((schemas).joined(separator: ",\n      "))
            }
          }
        }

        """#

    private static let paths =
        runPaths + taskPaths + configurationPaths + schedulePaths + tickPaths + alertPaths + accessPaths
    private static let schemas = runSchemas + alertSchemas + otherSchemas + scheduleSchemas + tickSchemas

    /// References to the answers that are errors.
    static func errors(_ kinds: APIError.Kind...) -> String {
        kinds.map { ##""\##($0.rawValue)": {"$ref": "#/components/responses/\##($0)"}"## }.joined(separator: ", ")
    }

    /// References to parameters, those of every request to a tenant included.
    static func parameters(_ names: String...) -> String {
        (["Tenant", "TenantWithoutHistory", "Version", "VersionParameter", "RequestID"] + names)
            .map { ##"{"$ref": "#/components/parameters/\##($0)"}"## }.joined(separator: ", ")
    }
}
