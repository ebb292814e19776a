import WorkflowModel

/// The files of `Documents`, which the build puts into the program, with their placeholders filled in.
///
/// Two things in them are not JSON Schema. A string `"{{name}}"` is replaced by a constant of the code, see ``DocumentConstants``; inside
/// a longer string, by its text. A member `"..."` is replaced by the members of the fragments that it names.
enum EmbeddedDocuments {
    /// The document without operations, error responses and schemas.
    static let head = filled(file: PackageResources.document_json)
    static let schemas = JSONMembers(schemaFiles.flatMap { file in filled(file: file).map { ($0.name, $0.value) } })

    static var files: [[UInt8]] { [PackageResources.document_json, PackageResources.fragments_json] + schemaFiles }

    private static let schemaFiles = [
        PackageResources.common_json, PackageResources.runs_json, PackageResources.bulk_json, PackageResources.views_json,
        PackageResources.tasks_json,
        PackageResources.configurations_json, PackageResources.schedules_json, PackageResources.alerts_json,
        PackageResources.secrets_json,
        PackageResources.access_json, PackageResources.audit_json,
    ]

    private static let fragments = members(of: PackageResources.fragments_json)

    private static func filled(file: [UInt8]) -> JSONMembers {
        JSONMembers(members(of: file).map { ($0.name, filled($0.value)) })
    }

    /// Empty for a file that is no JSON object; a test reads all of them.
    private static func members(of file: [UInt8]) -> JSONMembers {
        guard case .object(let members)? = JSONValue(json: file) else { return [:] }
        return members
    }

    private static func filled(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): filled(text)
        case .array(let values): .array(values.map(filled))
        case .object(let members): .object(JSONMembers(members.flatMap(filled)))
        case .null, .bool, .integer, .number: value
        }
    }

    private static func filled(_ member: (name: String, value: JSONValue)) -> [(String, JSONValue)] {
        guard member.name == "...", case .array(let names) = member.value else { return [(member.name, filled(member.value))] }
        return names.flatMap { name -> [(String, JSONValue)] in
            guard let name = name.string, case .object(let members)? = fragments[name] else { return [] }
            return members.flatMap(filled)
        }
    }

    private static func filled(_ text: String) -> JSONValue {
        if text.hasPrefix("{{"), text.hasSuffix("}}"), let value = DocumentConstants.values[String(text.dropFirst(2).dropLast(2))] {
            return value
        }
        var pieces = text.split(separator: "{{", omittingEmptySubsequences: false)[...]
        var result = String(pieces.removeFirst())
        for piece in pieces {
            guard let end = piece.firstRange(of: "}}"), let value = DocumentConstants.values[String(piece[..<end.lowerBound])]
            else {
                result += "{{" + piece
                continue
            }
            result += (value.string ?? value.text) + piece[end.upperBound...]
        }
        return .string(result)
    }
}
