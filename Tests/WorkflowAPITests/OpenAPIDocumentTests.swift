import Testing
import WorkflowAPI
import WorkflowModel

@Suite("The OpenAPI document")
struct OpenAPIDocumentTests {
    private func document() throws -> JSONValue {
        let bytes = Array(OpenAPIDocument.text.utf8)
        // The strict reader also finds names that are there twice, which a tree would hide.
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

    @Test("every reference leads somewhere, and everything that can be referred to is")
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
                let declared = parameters.compactMap { reference -> String? in
                    let name = reference["$ref"]?.string?.split(separator: "/").last.map(String.init) ?? ""
                    let parameter = document["components"]?["parameters"]?[name]
                    return parameter?["in"]?.string == "path" ? parameter?["name"]?.string : nil
                }
                #expect(Set(declared) == names, "\(path)")
            }
        }
    }

    @Test("the filters of the list are those that are read")
    func filters() throws {
        let document = try document()
        let parameters = try Self.elements(of: document["paths"]?["/api/workflow/runs"]?["get"]?["parameters"])
        let names = parameters.compactMap { reference -> String? in
            let name = reference["$ref"]?.string?.split(separator: "/").last.map(String.init) ?? ""
            let parameter = document["components"]?["parameters"]?[name]
            return parameter?["in"]?.string == "query" ? parameter?["name"]?.string : nil
        }
        #expect(Set(names) == Set(RunQueryParameters.names + [APIVersion.parameterName]))
    }

    @Test("texts in a query are never empty, because an empty parameter is refused")
    func emptyParameters() throws {
        let document = try document()
        for (name, parameter) in try Self.members(of: document["components"]?["parameters"]) {
            guard parameter["in"]?.string == "query", parameter["schema"]?["type"]?.string == "string" else { continue }
            #expect(parameter["schema"]?["minLength"] == .integer(1), "\(name)")
        }
    }

    @Test("the pattern of tenants is the rule of tenants", arguments: ["a", "Acme-2", "", "-a", "a-", "a_b", "ä"])
    func tenants(name: String) throws {
        let pattern = try #require(try document()["components"]?["schemas"]?["Tenant"]?["pattern"]?.string)
        #expect((try Regex(pattern).wholeMatch(in: name) != nil) == (Tenant(name) != nil))
        #expect(try Regex(pattern).wholeMatch(in: String(repeating: "a", count: 63)) != nil)
        #expect(try Regex(pattern).wholeMatch(in: String(repeating: "a", count: 64)) == nil)
    }

    private struct OtherValue: Error {}

    private static func members(of value: JSONValue?) throws -> [String: JSONValue] {
        guard case .object(let members)? = value else { throw OtherValue() }
        return members
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
