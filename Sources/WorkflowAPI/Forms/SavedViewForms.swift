public import NIOCore
public import WorkflowModel

/// Saved views on the wire: an addition to the contract.
extension JSONWriter {
    public mutating func view(_ view: SavedView) {
        object { json in
            json.member("name", view.name)
            json.member("search", view.search)
            json.member("saved_at", view.savedAt)
            json.name("saved_by")
            json.principal(view.savedBy)
        }
    }

    mutating func principal(_ principal: Principal) {
        object { json in
            json.member("id", principal.id)
            json.member("name", principal.name)
            json.member("email", principal.email)
        }
    }
}

extension SavedView {
    public var document: ByteBuffer {
        JSONWriter.document(capacity: 512 + search.utf8.count) { $0.view(self) }
    }

    /// `{"data": […]}`
    public static func listDocument(_ views: [SavedView]) -> ByteBuffer {
        JSONWriter.document(capacity: 64 + views.count * 320) { json in
            json.object { json in
                json.name("data")
                json.array(of: views) { json, view in json.view(view) }
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try SavedView(from: &$0) }
    }

    /// - Throws: ``JSONProblem``
    public static func list(json bytes: [UInt8]) throws(JSONProblem) -> [SavedView] {
        try JSONReader.list(bytes) { try SavedView(from: &$0) }
    }

    private init(from reader: inout JSONReader) throws {
        var name: String?
        var search: String?
        var savedAt: Timestamp?
        var savedBy: Principal?
        try reader.object { reader, member in
            switch member {
            case "name": name = try reader.string()
            case "search": search = try reader.string()
            case "saved_at": savedAt = try reader.timestamp()
            case "saved_by": savedBy = try reader.principal()
            default: try reader.skip()
            }
        }
        self.init(
            name: try name.required("name"), search: try search.required("search"), savedBy: try savedBy.required("saved_by"),
            savedAt: try savedAt.required("saved_at"))
    }
}
