import Testing
import WorkflowModel

@testable import WorkflowAPI

@Suite("The OpenAPI document")
struct OpenAPIDocumentTests {
    private func document() throws -> JSONValue {
        let bytes = Array(OpenAPIDocument.text.utf8)
        // The strict reader also finds repeated names, which a tree would hide.
        try JSONReader.read(bytes) { try $0.skip() }
        return try #require(JSONValue(json: bytes))
    }

    @Test("is one of OpenAPI 3.1, and of the newest stable version")
    func head() throws {
        let document = try document()
        #expect(document["openapi"]?.string == "3.1.0")
        #expect(document["info"]?["version"]?.string == APIVersion.newestStable.rawValue)
        #expect(document["info"]?["title"]?.string?.isEmpty == false)
    }

    @Test("every reference resolves, and every component is referred to")
    func references() throws {
        let document = try document()
        let references = Set(Self.references(in: document))
        #expect(!references.isEmpty)
        for reference in references {
            var target: JSONValue? = document
            for step in reference.dropFirst(2).split(separator: "/") { target = target?[String(step)] }
            #expect(reference.hasPrefix("#/"))
            #expect(target != nil, "\(reference)")
        }
        for section in ["parameters", "headers", "schemas"] {
            guard case .object(let members)? = document["components"]?[section] else {
                Issue.record("\(section) is missing")
                continue
            }
            for name in members.keys {
                #expect(references.contains("#/components/\(section)/\(name)"), "\(section)/\(name) is of no use")
            }
        }
    }

    @Test("every operation has an id of its own, a summary, and answers with descriptions")
    func operations() throws {
        let document = try document()
        let paths = try Self.members(of: document["paths"])
        var ids: Set<String> = []
        for (path, item) in paths {
            let operations = try Self.members(of: item)
            for (method, operation) in operations {
                let id = try #require(operation["operationId"]?.string, "\(method) \(path)")
                #expect(ids.insert(id).inserted)
                #expect(operation["summary"]?.string?.isEmpty == false)
                let responses = try Self.members(of: operation["responses"])
                #expect(!responses.isEmpty)
                for (status, response) in responses {
                    #expect(Int(status) != nil)
                    #expect(response["$ref"] != nil || response["description"]?.string?.isEmpty == false, "\(id) \(status)")
                }
            }
        }
    }

    @Test("every parameter of a path is declared, and the other way round")
    func pathParameters() throws {
        let document = try document()
        let paths = try Self.members(of: document["paths"])
        for (path, item) in paths {
            let names = Set(path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) })
            guard case .object(let operations) = item else { continue }
            for operation in operations.values {
                guard case .array(let parameters)? = operation["parameters"] else {
                    Issue.record("\(path) has no parameters")
                    continue
                }
                let declared = parameters.compactMap { Self.name(of: $0, in: "path", document) }
                #expect(Set(declared) == names, "\(path)")
            }
        }
    }

    @Test("the filters of the list are those that are read")
    func filters() throws {
        let document = try document()
        let parameters = try Self.elements(of: document["paths"]?["/api/workflow/runs"]?["get"]?["parameters"])
        let names = parameters.compactMap { Self.name(of: $0, in: "query", document) }
        #expect(Set(names) == Set(RunQueryParameters.names))
    }

    @Test("each operation of a tenant names it once and the version once; open operations name no tenant")
    func onceEach() throws {
        let document = try document()
        for (path, item) in try Self.members(of: document["paths"]) {
            for (method, operation) in try Self.members(of: item) {
                let headers = try Self.elements(of: operation["parameters"]).compactMap {
                    Self.name(of: $0, in: "header", document)
                }
                let isOpen = operation["security"] != nil
                #expect(headers.count { $0.lowercased().contains("tenant") } == (isOpen ? 0 : 1), "\(method) \(path)")
                #expect(headers.count { $0.contains("version") } == 1, "\(method) \(path)")
            }
        }
    }

    /// Generators of clients refuse some schemas that a validator accepts.
    @Test("every schema is one that generators of clients take")
    func schemas() throws {
        let document = try document()
        var seen = 0
        func check(_ value: JSONValue, _ place: String) throws {
            switch value {
            case .array(let values): for (index, value) in values.enumerated() { try check(value, "\(place)[\(index)]") }
            case .object(let members):
                for (name, value) in members {
                    if name == "schema" || name == "items" {
                        // OpenAPI 3.1 allows true for any value, which generators refuse.
                        if case .object = value {} else { Issue.record("\(place).\(name) is no object") }
                    }
                    if name == "properties", case .object(let properties) = value {
                        for (property, schema) in properties {
                            seen += 1
                            guard case .object(let schema) = schema else {
                                Issue.record("\(place).\(property) is no object")
                                continue
                            }
                            #expect(schema["description"] != nil, "\(place).\(property) has no description")
                        }
                    }
                    // Generators read an enumeration without a type as any value.
                    if name == "enum" || name == "const", members["properties"] == nil {
                        #expect(members["type"] != nil, "\(place) has \(name) without a type")
                    }
                    try check(value, "\(place).\(name)")
                }
            default: break
            }
        }
        try check(document, "")
        #expect(seen > 100)
    }

    /// A union of the two views is read as the first one that fits, without the tasks.
    @Test("the answer that shows a run is one schema, with its tasks and its error")
    func shownRun() throws {
        let document = try document()
        let responses = document["paths"]?["/api/workflow/runs/{id}"]?["get"]?["responses"]
        let schema = responses?["200"]?["content"]?["application/json"]?["schema"]
        #expect(schema?["$ref"]?.string == "#/components/schemas/ShownRun")
        let properties = document["components"]?["schemas"]?["ShownRun"]?["properties"]
        let tasks = properties?["task_instances"]
        #expect(tasks?["items"]?["$ref"]?.string == "#/components/schemas/TaskInstance")
        #expect(properties?["error"]?["$ref"]?.string == "#/components/schemas/RunError")
    }

    @Test("texts in a query are never empty, because an empty parameter is refused")
    func emptyParameters() throws {
        let document = try document()
        var seen = 0
        for (path, item) in try Self.members(of: document["paths"]) {
            for (method, operation) in try Self.members(of: item) {
                for parameter in try Self.elements(of: operation["parameters"]) {
                    guard parameter["in"]?.string == "query", parameter["schema"]?["type"]?.string == "string" else { continue }
                    seen += 1
                    let isOneOfSome = parameter["schema"]?["enum"] != nil
                    #expect(isOneOfSome || parameter["schema"]?["minLength"] == .integer(1), "\(method) \(path)")
                }
            }
        }
        #expect(seen > 5)
    }

    @Test("every parameter has a description and a schema")
    func describedParameters() throws {
        let document = try document()
        for (path, item) in try Self.members(of: document["paths"]) {
            for (method, operation) in try Self.members(of: item) {
                for parameter in try Self.elements(of: operation["parameters"]) {
                    let parameter = Self.resolved(parameter, document)
                    let isDescribed = parameter?["description"]?.string?.isEmpty == false && parameter?["schema"] != nil
                    #expect(isDescribed, "\(method) \(path) \(parameter?["name"]?.string ?? "?")")
                }
            }
        }
    }

    @Test("every placeholder of the embedded documents is known, and every constant is used by one")
    func placeholders() throws {
        #expect(!OpenAPIDocument.text.contains("{{"))
        let files = String(decoding: EmbeddedDocuments.files.joined(), as: UTF8.self)
        for name in DocumentConstants.values.keys { #expect(files.contains("{{\(name)}}"), "\(name)") }
        #expect(!OpenAPIDocument.text.contains("\"...\""))
    }

    @Test("the pattern of tenants is the rule of tenants", arguments: ["a", "Acme-2", "", "-a", "a-", "a_b", "ä"])
    func tenants(name: String) throws {
        let pattern = try #require(try document()["components"]?["schemas"]?["Tenant"]?["pattern"]?.string)
        #expect((try Regex(pattern).wholeMatch(in: name) != nil) == (Tenant(name) != nil))
        #expect(try Regex(pattern).wholeMatch(in: String(repeating: "a", count: 63)) != nil)
        #expect(try Regex(pattern).wholeMatch(in: String(repeating: "a", count: 64)) == nil)
    }

    private struct OtherValue: Error {}

    /// - Returns: nil for a parameter in another place.
    private static func name(of parameter: JSONValue, in place: String, _ document: JSONValue) -> String? {
        let parameter = resolved(parameter, document)
        return parameter?["in"]?.string == place ? parameter?["name"]?.string : nil
    }

    private static func resolved(_ parameter: JSONValue, _ document: JSONValue) -> JSONValue? {
        guard let reference = parameter["$ref"]?.string?.split(separator: "/").last else { return parameter }
        return document["components"]?["parameters"]?[String(reference)]
    }

    private static func members(of value: JSONValue?) throws -> [String: JSONValue] {
        guard case .object(let members)? = value else { throw OtherValue() }
        return Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private static func elements(of value: JSONValue?) throws -> [JSONValue] {
        guard case .array(let elements)? = value else { throw OtherValue() }
        return elements
    }

    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let members):
            members.flatMap { name, value in
                if name == "$ref", let text = value.string { [text] } else { references(in: value) }
            }
        case .array(let values): values.flatMap(references)
        default: []
        }
    }
}
