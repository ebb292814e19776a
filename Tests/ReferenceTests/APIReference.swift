import HTTPTypes
import Testing
import WorkflowAPI
import WorkflowModel

/// `docs/reference/api.md`: the OpenAPI document for people.
struct APIReference {
    let document: JSONValue
    let operations: [Operation]
    /// The headers that most operations take.
    let shared: [JSONValue]

    init(document: JSONValue) {
        self.document = document
        operations = Endpoint.all.map { endpoint in
            let path = document["paths"]?[endpoint.path.text]
            return Operation(endpoint: endpoint, value: path?[endpoint.method.rawValue.lowercased()] ?? .null)
        }
        let references = operations.flatMap { $0.value["parameters"].items.compactMap { $0["$ref"]?.string } }
        let least = operations.count / 2
        shared =
            document["components"]?["parameters"].members.filter { parameter in
                parameter.value["in"]?.string == "header"
                    && references.count { $0 == "#/components/parameters/\(parameter.name)" } > least
            }.map { $0.value } ?? []
    }

    static func text() throws -> String {
        let document = try #require(JSONValue(json: OpenAPIDocument.text.utf8))
        return APIReference(document: document).text
    }

    private var text: String {
        var parts = [introduction, "All endpoints:", contents]
        for tag in Endpoint.Tag.allCases {
            parts += ["## \(title(tag))"] + operations.filter { $0.endpoint.tag == tag }.map(operation)
        }
        parts += ["## Errors", errors, "## Forms", forms]
        parts += schemas.map { schema($0.name, $0.value) }
        parts += ["## Limits", limits]
        return parts.joined(separator: "\n\n") + "\n"
    }

    // MARK: Operations

    struct Operation {
        var endpoint: Endpoint
        /// The endpoint in the document.
        var value: JSONValue

        var heading: String { "\(endpoint.method.rawValue) \(endpoint.path.text)" }
    }

    private func title(_ tag: Endpoint.Tag) -> String {
        switch tag {
        case .access: "Access tokens"
        case .health: "Health checks"
        default: tag.rawValue.prefix(1).uppercased() + tag.rawValue.dropFirst()
        }
    }

    private var contents: String {
        let rows = operations.map { operation in
            ["[`\(operation.heading)`](#\(Markdown.anchor(operation.heading)))", operation.endpoint.summary]
        }
        return Markdown.table(["Endpoint", "Meaning"], rows)
    }

    private func operation(_ operation: Operation) -> String {
        let value = operation.value
        var parts = ["### `\(operation.heading)`"]
        parts.append(
            Markdown.wrapped(
                Markdown.prose([operation.endpoint.summary, operation.endpoint.details].compactMap(\.self).joined(separator: " "))))
        parts.append("Access: \(access(of: operation.endpoint)).")
        let parameters = value["parameters"].items.map(resolved).filter { !isShared($0) }
        if !parameters.isEmpty {
            parts.append(Markdown.table(["Parameter", "In", "Type", "Default", "Meaning"], parameters.map(parameter)))
        }
        if let body = value["requestBody"] { parts.append(self.body(body, of: operation.endpoint)) }
        parts.append(Markdown.table(["Status", "Body", "Meaning"], answers(of: value)))
        let failures = value["responses"].members.filter { $0.value["$ref"] != nil }.map { "`\($0.name)`" }
        if !failures.isEmpty { parts.append(Markdown.wrapped("[Errors](#errors): \(failures.joined(separator: ", ")).")) }
        return parts.joined(separator: "\n\n")
    }

    private func access(of endpoint: Endpoint) -> String {
        switch endpoint.access {
        case .open: "no credentials"
        case .clientCredentials: "client id and secret, in the form or by HTTP Basic"
        case .policy(let policy): "a key with the policy \(policy.acceptedNames)"
        }
    }

    private func parameter(_ parameter: JSONValue) -> [String] {
        let schema = parameter["schema"] ?? .null
        let standard = parameter["required"] == .bool(true) ? "required" : schema["default"].map { "`\(plain($0))`" } ?? ""
        return [
            "`\(parameter["name"]?.string ?? "")`", parameter["in"]?.string ?? "", type(schema), standard,
            sentence(parameter["description"]?.string, and: limits(of: schema)),
        ]
    }

    private func body(_ body: JSONValue, of endpoint: Endpoint) -> String {
        let kinds = body["content"].members.map { "`\($0.name)`: \(type($0.value["schema"] ?? .null))" }
        let limit = endpoint.body.map { ", at most \(Markdown.grouped($0.limit)) bytes" } ?? ""
        let isOptional = body["required"] == .bool(true) ? "" : ", optional"
        return Markdown.wrapped("Body\(isOptional)\(limit). \(kinds.joined(separator: "; or ")).")
    }

    private func answers(of operation: JSONValue) -> [[String]] {
        operation["responses"].members.filter { $0.value["$ref"] == nil }.map { status, response in
            let bodies = response["content"].members.map { kind, content in
                kind == "application/json" ? type(content["schema"] ?? .null) : "`\(kind)`"
            }
            return [
                "`\(status)`", bodies.isEmpty ? "none" : bodies.joined(separator: ", "),
                Markdown.prose(response["description"]?.string ?? ""),
            ]
        }
    }

    // MARK: Parameters of every request

    private func isShared(_ parameter: JSONValue) -> Bool {
        shared.contains(parameter)
    }

    private var introduction: String {
        """
        # API reference

        \(Markdown.wrapped("""
            The API is HTTP with JSON, version `\(document["info"]?["version"]?.string ?? "")`. `GET /openapi.json` on any server answers with the OpenAPI \
            document that this page is made from. [HTTP conventions](http.md) describes what all endpoints share. Browsers use \
            the [pages](../guides/pages.md) instead: `/runs`, `/workflows`, `/settings/alerts`, `/settings/keys`.
            """))

        \(Markdown.wrapped(Markdown.prose(document["info"]?["description"]?.string ?? "")))

        Every operation takes these headers:

        \(Markdown.table(["Header", "Type", "Meaning"], shared.map { parameter in
            let schema = parameter["schema"] ?? .null
            return ["`\(parameter["name"]?.string ?? "")`", type(schema), sentence(parameter["description"]?.string, and: limits(of: schema))]
        }))
        """
    }

    private var errors: String {
        let rows = APIError.Kind.allCases.map { kind in
            let response = document["components"]?["responses"]?["\(kind)"] ?? .null
            let headers = response["headers"].members.map { $0.name }.filter { $0 != "RequestID" && $0 != "Request-Id" }
            return [
                "`\(kind.rawValue)`", response["description"]?.string ?? "", headers.map(Markdown.code).joined(separator: ", "),
            ]
        }
        return """
            The body of an error is an [Error](#error): `{"status": 400, "message": "…", "request_id": "…"}`.

            \(Markdown.table(["Status", "Meaning", "Headers"], rows))
            """
    }
}
