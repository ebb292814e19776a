extension OpenAPIDocument {
    static let configurationPaths = [
        #"""
        "/api/workflow/configs": {
          "get": {
            "operationId": "listConfigurations", "summary": "Lists the configured workflows, by id.", "tags": ["configurations"],
            "parameters": [\#(parameters("IfNoneMatch"))],
            "responses": {
              "200": {
                "description": "The configurations without their texts, and how their last runs went.", "headers": {\#(tagged)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ConfigurationList"}}}
              },
              "304": {"description": "The client has this answer already."},
              \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/configs/{id}": {
          "get": {
            "operationId": "showConfiguration", "summary": "Shows a configuration, or its text alone.", "tags": \#
        ["configurations"],
            "parameters": [\#(parameters("ConfigurationID", "IfNoneMatch"))],
            "responses": {
              "200": {
                "description": "The current version.", "headers": {\#(tagged)},
                "content": {
                  "application/json": {"schema": {"$ref": "#/components/schemas/Configuration"}},
                  "application/yaml": {"schema": {"type": "string"}}
                }
              },
              "304": {"description": "The client has this answer already."},
              \#(errors(.notFound)), \#(readErrors)
            }
          },
          "put": {
            "operationId": "saveConfiguration", "summary": "Checks a configuration and makes it the current version.",
            "description": "Needs the policy admin. The id in the text has to be the one in the path. A text that is current \#
        already makes no new version.",
            "tags": ["configurations"],
            "parameters": [\#(parameters("ConfigurationID", "ConfigurationFile", "ConfigurationDirectory"))],
            "requestBody": {
              "required": true,
              "content": {
                "application/yaml": {"schema": {"type": "string"}},
                "application/x-yaml": {"schema": {"type": "string"}},
                "text/yaml": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "object"}}
              }
            },
            "responses": {
              "200": {
                "description": "It was there, and this is its current version now.", "headers": {\#(tagged)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Configuration"}}}
              },
              "201": {
                "description": "It is new.", "headers": {"Location": {"$ref": "#/components/headers/Location"}, \#(tagged)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Configuration"}}}
              },
              \#(errors(.notFound, .tooLarge, .unsupportedMediaType)), \#(readErrors)
            }
          },
          "delete": {
            "operationId": "deleteConfiguration", "summary": "Removes a configuration.", "tags": ["configurations"],
            "description": "Needs the policy admin. Its versions stay for the runs that were launched with them; runs that go \#
        on are not touched.",
            "parameters": [\#(parameters("ConfigurationID"))],
            "responses": {
              "204": {"description": "It is gone.", "headers": {\#(limited)}},
              \#(errors(.notFound)), \#(readErrors)
            }
          }
        }
        """#,
    ]

    static let accessPaths = [
        #"""
        "/api/v0/oauth2/token": {
          "post": {
            "operationId": "issueToken", "summary": "Exchanges a key's client id and secret for an access token.", "tags": \#
        ["access"],
            "description": "OAuth 2.0 client credentials (RFC 6749, section 4.4). Addresses no tenant: the token is for the \#
        key's own.",
            "security": [{"clientBasic": []}, {}],
            "parameters": [\#(openParameters)],
            "requestBody": {
              "required": true,
              "content": {"application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/TokenRequest"}}}
            },
            "responses": {
              "200": {
                "description": "A token.", "headers": {"Cache-Control": {"description": "no-store", "schema": {"type": \#
        "string"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TokenAnswer"}}}
              },
              "400": {
                "description": "The form is wrong; or, in the form of other errors, the query or the version is.",
                "content": {"application/json": {"schema": {"anyOf": [
                  {"$ref": "#/components/schemas/TokenRefusal"}, {"$ref": "#/components/schemas/Error"}]}}}
              },
              "401": {"description": "The credentials are wrong.", \#(refusal)},
              \#(errors(.tooLarge, .unsupportedMediaType, .headersTooLarge, .failed, .unavailable))
            }
          }
        }
        """#,
        #"""
        "/healthz": {"get": {"operationId": "checkHealth", "summary": "Whether the process is well.", \#(openOperation)}}
        """#,
        #"""
        "/readyz": {"get": {"operationId": "checkReadiness", "summary": "Whether the store answers.", \#(openOperation)}}
        """#,
        #"""
        "/openapi.json": {
          "get": {
            "operationId": "describe", "summary": "This document.", "tags": ["health"], "security": [],
            "parameters": [\#(openParameters)],
            "responses": {
              "200": {"description": "This document.", "content": {"application/json": {"schema": {"type": "object"}}}},
              "304": {"description": "The client has this answer already."},
              \#(errors(.invalid, .headersTooLarge, .failed))
            }
          }
        }
        """#,
    ]

    private static let openParameters = #"""
        {"$ref": "#/components/parameters/Version"}, {"$ref": "#/components/parameters/VersionParameter"}, {"$ref": \#
        "#/components/parameters/RequestID"}
        """#

    private static let refusal = #"""
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TokenRefusal"}}}
        """#

    private static let openOperation = #"""
        "tags": ["health"], "security": [], "parameters": [\#(openParameters)],
            "responses": {
              "200": {"description": "Well.", "content": {"application/json": {"schema": {"$ref": \#
        "#/components/schemas/Health"}}}},
              \#(errors(.invalid, .headersTooLarge, .failed, .unavailable))
            }
        """#
}
