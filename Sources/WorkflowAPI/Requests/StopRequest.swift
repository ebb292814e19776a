public import NIOCore
public import WorkflowModel

/// The body of `POST /api/workflow/runs/{id}/stop`, which may be left out.
public struct StopRequest: Hashable, Sendable {
    public static let members = ["reason"]

    /// nil for none.
    @Exact public var reason: String?

    public init(reason: String? = nil) {
        self.reason = reason
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { $0.member("reason", reason) }
        }
    }

    /// - Parameter bytes: a body that does not begin with a brace is ignored: the documented stop needs none, and takes any.
    /// - Throws: ``APIError`` (400) for an object with anything but a valid reason.
    public init(body bytes: [UInt8]) throws(APIError) {
        self.init()
        guard let first = bytes.first(where: { !" \t\r\n".utf8.contains($0) }), first == UInt8(ascii: "{") else { return }
        var reason: String?
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "reason": reason = try reader.optional { try $0.string() }
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        if let problem = reason.flatMap(ReasonRule.problem(with:)) { throw .invalid(problem) }
        self.reason = reason
    }
}
