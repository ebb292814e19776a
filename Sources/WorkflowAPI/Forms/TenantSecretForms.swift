public import NIOCore
public import WorkflowModel

/// Secrets on the wire, without their values: an addition to the contract.
extension JSONWriter {
    public mutating func secret(_ secret: TenantSecret) {
        object { json in
            json.member("name", secret.name)
            json.member("version", secret.version)
            json.member("set_at", secret.setAt)
            json.name("set_by")
            json.principal(secret.setBy)
        }
    }
}

extension TenantSecret {
    public var document: ByteBuffer {
        JSONWriter.document(capacity: 256) { $0.secret(self) }
    }

    /// `{"data": […]}`
    public static func listDocument(_ secrets: [TenantSecret]) -> ByteBuffer {
        JSONWriter.document(capacity: 64 + secrets.count * 200) { json in
            json.object { json in
                json.name("data")
                json.array(of: secrets) { json, secret in json.secret(secret) }
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try TenantSecret(from: &$0) }
    }

    /// - Throws: ``JSONProblem``
    public static func list(json bytes: [UInt8]) throws(JSONProblem) -> [TenantSecret] {
        try JSONReader.list(bytes) { try TenantSecret(from: &$0) }
    }

    private init(from reader: inout JSONReader) throws {
        var name: String?
        var version: Int?
        var setAt: Timestamp?
        var setBy: Principal?
        try reader.object { reader, member in
            switch member {
            case "name": name = try reader.string()
            case "version": version = try reader.integer()
            case "set_at": setAt = try reader.timestamp()
            case "set_by": setBy = try reader.principal()
            default: try reader.skip()
            }
        }
        self.init(
            name: try name.required("name"), version: try version.required("version"), setBy: try setBy.required("set_by"),
            setAt: try setAt.required("set_at"))
    }
}
