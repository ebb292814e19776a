import Crypto
import WorkflowAPI
import WorkflowModel

/// A signed-in session. The browser keeps it, signed; every request checks its key in the store.
struct Session: Hashable, Sendable {
    /// The id of the key that signed in.
    var key: String
    /// The generation of the key's secret at sign-in.
    var secretNumber: Int
    var expiresAt: Timestamp
    /// Unique per session.
    var nonce: String
}

/// Signs and reads sessions and form tokens, with HMAC-SHA256. The key is in the store, so that both survive restarts and work on
/// every node.
struct Sessions: Sendable {
    /// The name of the signing key among the service's secrets, and its length in bytes.
    static let secretName = "page-sessions"
    static let secretLength = 32

    private static let version = "1"
    private let key: SymmetricKey

    init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    func seal(_ session: Session) -> String {
        let text = [
            Self.version, String(session.expiresAt.milliseconds), String(session.secretNumber), session.nonce, session.key,
        ].joined(separator: ".")
        return "\(Base64URL.encode(text.utf8)).\(seal(of: text, for: "session"))"
    }

    /// - Returns: nil for an invalid or expired session.
    func open(_ sealed: String, at now: Timestamp) -> Session? {
        let parts = sealed.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let text = Base64URL.decode(String(parts[0])).flatMap({ String(validating: $0, as: UTF8.self) }),
            Self.areEqual(seal(of: text, for: "session"), String(parts[1]))
        else { return nil }
        let fields = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 5, fields[0] == Self.version, let expiry = Int64(fields[1]), let number = Int(fields[2]) else {
            return nil
        }
        let session = Session(
            key: fields[4], secretNumber: number, expiresAt: Timestamp(milliseconds: expiry), nonce: fields[3])
        return now < session.expiresAt ? session : nil
    }

    /// Names a session in the audit log, without opening it.
    /// - Parameter sealed: the value of the session cookie; nil without one.
    static func auditName(of sealed: String?) -> String? {
        sealed.map { Base64URL.encode(SecretHash.of($0).prefix(12)) }
    }

    /// The token in the forms of a session. Only a reader of its pages knows it.
    func formToken(for session: Session) -> String {
        seal(of: "\(session.key).\(session.nonce)", for: "form")
    }

    /// The token in the sign-in form of a browser without a session.
    /// - Parameter visit: the value of that browser's visit cookie.
    func formToken(forVisit visit: String) -> String {
        seal(of: visit, for: "visit")
    }

    private func seal(of text: String, for purpose: String) -> String {
        Base64URL.encode(HMAC<SHA256>.authenticationCode(for: Array("\(purpose):\(text)".utf8), using: key))
    }

    static func areEqual(_ left: String, _ right: String) -> Bool {
        SecretHash.constantTimeEqual(Array(left.utf8), Array(right.utf8))
    }
}
