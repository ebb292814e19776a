import Crypto
import WorkflowAPI
import WorkflowModel

/// Somebody signed in. The browser keeps it, signed; the store is asked on every request whether its key still counts.
struct Session: Hashable, Sendable {
    /// The id of the key that was signed in with.
    var key: String
    /// The number of the key's secret at that time.
    var secretNumber: Int
    var expiresAt: Timestamp
    /// Different in every session.
    var nonce: String
}

/// Makes sessions and the tokens of forms, and reads them back: an HMAC-SHA256 over what they say, with a key that is in the store,
/// so that they outlive restarts and work on every node.
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

    /// - Returns: nil for what is no session of ours, or has expired.
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

    /// What the forms of a session carry: nobody who cannot read its pages can know it.
    func formToken(for session: Session) -> String {
        seal(of: "\(session.key).\(session.nonce)", for: "form")
    }

    /// What the sign-in form carries of a browser that has no session yet.
    /// - Parameter visit: what that browser keeps in a cookie.
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
