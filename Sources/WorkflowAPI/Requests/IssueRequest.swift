public import NIOCore
public import WorkflowModel

/// The body of `POST /api/v0/admin/api-keys/{id}/tokens`.
public struct IssueRequest: Hashable, Sendable {
    public static let members = ["expires-at"]
    /// The longest lifetime of an issued token.
    public static let longest = Duration.seconds(mostDays * 86_400)
    public static let mostDays = 365

    public var expiresAt: Timestamp

    public init(expiresAt: Timestamp) {
        self.expiresAt = expiresAt
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in json.object { $0.member("expires-at", expiresAt) } }
    }

    /// - Throws: ``APIError`` (400) for an invalid body, a time in the past, and a time too far ahead.
    public init(body bytes: [UInt8], at now: Timestamp) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with expires-at.") }
        var expiresAt: Timestamp?
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "expires-at": expiresAt = try reader.timestamp()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let expiresAt else { throw .invalid("The body's expires-at is missing; it says when the token expires.") }
        self.init(expiresAt: expiresAt)
        // Tokens count whole seconds: one that expires within the present second would arrive expired.
        guard expiresAt.milliseconds / 1_000 > now.milliseconds / 1_000 else {
            throw .invalid(
                "The body's expires-at (\(expiresAt.iso8601)) is in the past. It has to be later than now (\(now.iso8601)).")
        }
        guard expiresAt <= now + Self.longest else {
            throw .invalid(
                "The body's expires-at (\(expiresAt.iso8601)) is too far ahead. Accepted: at most \(Self.mostDays) days from now, until "
                    + "\((now + Self.longest).iso8601).")
        }
    }
}
