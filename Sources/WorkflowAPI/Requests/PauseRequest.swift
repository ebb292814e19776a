public import NIOCore
public import WorkflowModel

/// The body of `POST /api/workflow/configs/{id}/pause`.
public struct PauseRequest: Hashable, Sendable {
    public static let members = ["reason", "until"]

    @Exact public var reason: String
    /// nil for a pause until the workflow is resumed.
    public var until: Timestamp?

    public init(reason: String, until: Timestamp? = nil) {
        self.reason = reason
        self.until = until
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("reason", reason)
                json.member("until", until)
            }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with reason.") }
        var reason: String?
        var until: Timestamp?
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "reason": reason = try reader.string()
                    case "until": until = try reader.timestamp()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let reason else { throw .invalid("The body's reason is missing. Accepted: \(ReasonRule.words).") }
        self.init(reason: reason, until: until)
    }

    /// - Throws: ``APIError`` (400) for an invalid reason, and an end that is not in the future.
    public func check(at now: Timestamp) throws(APIError) {
        if let problem = ReasonRule.problem(with: reason) { throw .invalid(problem) }
        if let until, until <= now {
            throw .invalid("The end of the pause, \(until.iso8601), is in the past. Accepted: a later time, or none.")
        }
    }
}
