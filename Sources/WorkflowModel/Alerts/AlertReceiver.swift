/// Where a tenant is told of what happened.
public struct AlertReceiver: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Signed JSON, as Standard Webhooks has it.
        case webhook
        /// A text, as Slack and those who are compatible with it take it.
        case slack
    }

    public var tenant: Tenant
    /// Unique in its tenant.
    public var name: String
    public var kind: Kind
    /// May be a secret itself: whoever knows a Slack address can write there.
    public var url: String
    /// Of what it is told, whatever configurations say.
    public var rule: AlertRule
    /// Signs what is sent. Kept as it is, because signing needs it.
    public var secret: [UInt8]
    /// The secret before, which goes on signing for a while.
    public var formerSecret: [UInt8]?
    public var rotatedAt: Timestamp?
    public var createdAt: Timestamp
    /// When it was disabled; nil while it is told of anything.
    public var disabledAt: Timestamp?
    /// One sentence.
    public var disabledReason: String?

    public init(
        tenant: Tenant, name: String, kind: Kind, url: String, rule: AlertRule, secret: [UInt8], formerSecret: [UInt8]? = nil,
        rotatedAt: Timestamp? = nil, createdAt: Timestamp, disabledAt: Timestamp? = nil, disabledReason: String? = nil
    ) {
        self.tenant = tenant
        self.name = name
        self.kind = kind
        self.url = url
        self.rule = rule
        self.secret = secret
        self.formerSecret = formerSecret
        self.rotatedAt = rotatedAt
        self.createdAt = createdAt
        self.disabledAt = disabledAt
        self.disabledReason = disabledReason
    }

    /// What signs at that time, the current one first.
    public func secrets(at now: Timestamp) -> [[UInt8]] {
        guard let formerSecret, let rotatedAt, now < rotatedAt + AlertLimits.formerSecretValidity else { return [secret] }
        return [secret, formerSecret]
    }

    /// As it is shown to people: its host, and not what may be a secret.
    public var shownURL: String {
        guard let scheme = url.firstRange(of: "://") else { return "…" }
        let host = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        return "\(url[..<scheme.upperBound])\(host)/…"
    }

    public mutating func apply(_ change: Change, at now: Timestamp) {
        switch change {
        case .settings(let kind, let url, let rule):
            self.kind = kind
            self.url = url
            self.rule = rule
        case .rotated(let new):
            formerSecret = secret
            secret = new
            rotatedAt = now
        case .enabled:
            disabledAt = nil
            disabledReason = nil
        case .silenced(let reason):
            disabledAt = now
            disabledReason = reason
        }
    }

    public enum Change: Hashable, Sendable {
        case settings(Kind, url: String, AlertRule)
        case rotated([UInt8])
        case enabled
        /// With why.
        case silenced(String)
    }
}

extension AlertReceiver {
    public static let nameRule = "1 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit"

    public static func isName(_ text: some StringProtocol) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        let bytes = Array(text.utf8)
        guard (1...40).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last) && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
}
