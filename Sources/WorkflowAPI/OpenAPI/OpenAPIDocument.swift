import HTTPTypes
import WorkflowModel

/// The OpenAPI 3.1 description of the API: its operations come from ``Endpoint/all``, its schemas from `Documents`.
public enum OpenAPIDocument {
    /// One line of JSON.
    public static let text = document.text + "\n"

    private static let document: JSONValue = {
        var paths: [(path: String, operations: JSONMembers)] = []
        for endpoint in Endpoint.all {
            let method = endpoint.method.rawValue.lowercased()
            if let place = paths.firstIndex(where: { $0.path == endpoint.path.text }) {
                paths[place].operations.add(method, endpoint.operation)
            } else {
                paths.append((endpoint.path.text, [method: endpoint.operation]))
            }
        }
        var document = JSONMembers()
        for member in EmbeddedDocuments.head {
            switch (member.name, member.value) {
            case ("paths", _): document.add(member.name, .object(JSONMembers(paths.map { ($0.path, .object($0.operations)) })))
            case ("components", .object(let components)): document.add(member.name, .object(complete(components)))
            default: document.add(member.name, member.value)
            }
        }
        return .object(document)
    }()

    private static func complete(_ components: JSONMembers) -> JSONMembers {
        var result = JSONMembers()
        for member in components {
            switch member.name {
            case "responses":
                result.add(member.name, .object(JSONMembers(APIError.Kind.allCases.map { ("\($0)", $0.response) })))
            case "schemas": result.add(member.name, .object(EmbeddedDocuments.schemas))
            default: result.add(member.name, member.value)
            }
        }
        return result
    }
}

extension JSONMembers {
    /// In this order.
    init(_ members: [(String, JSONValue)]) {
        self.init()
        for member in members { add(member.0, member.1) }
    }
}

extension JSONValue {
    static func reference(_ section: String, _ name: String) -> JSONValue {
        .object(["$ref": .string("#/components/\(section)/\(name)")])
    }
}
