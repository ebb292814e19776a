/// A destination for a tenant's alerts.
public struct AlertReceiver: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Signed JSON, as Standard Webhooks defines it.
        case webhook
        /// A text message for Slack and compatible services.
        case slack
    }

    public var tenant: Tenant
    /// Unique in its tenant.
    public var name: String
    public var kind: Kind
    /// Can be a secret itself: anyone with a Slack webhook address can post there.
    public var url: String
    /// The events that this receiver is notified of, in addition to the rules of configurations.
    public var rule: AlertRule
    /// Signs notifications. Stored in plain text, because signing needs it.
    public var secret: [UInt8]
    /// The secret before the last rotation, which keeps signing for ``AlertLimits/previousSecretValidity``.
    public var previousSecret: [UInt8]?
    public var rotatedAt: Timestamp?
    public var createdAt: Timestamp
    /// When it was disabled; nil while it receives alerts.
    public var disabledAt: Timestamp?
    /// One sentence; nil while it receives alerts.
    public var disabledReason: String?

    public init(
        tenant: Tenant, name: String, kind: Kind, url: String, rule: AlertRule, secret: [UInt8], previousSecret: [UInt8]? = nil,
        rotatedAt: Timestamp? = nil, createdAt: Timestamp, disabledAt: Timestamp? = nil, disabledReason: String? = nil
    ) {
        self.tenant = tenant
        self.name = name
        self.kind = kind
        self.url = url
        self.rule = rule
        self.secret = secret
        self.previousSecret = previousSecret
        self.rotatedAt = rotatedAt
        self.createdAt = createdAt
        self.disabledAt = disabledAt
        self.disabledReason = disabledReason
    }

    /// The secrets that sign at that time, the current one first.
    public func secrets(at now: Timestamp) -> [[UInt8]] {
        guard let previousSecret, let rotatedAt, now < rotatedAt + AlertLimits.previousSecretValidity else { return [secret] }
        return [secret, previousSecret]
    }

    /// The host for display. The rest of the address can be a secret.
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
            previousSecret = secret
            secret = new
            rotatedAt = max(now, createdAt)
        case .enabled:
            disabledAt = nil
            disabledReason = nil
        case .disabled(let reason):
            disabledAt = max(now, createdAt)
            disabledReason = reason
        }
    }

    public enum Change: Hashable, Sendable {
        case settings(Kind, url: String, AlertRule)
        case rotated([UInt8])
        case enabled
        /// With the reason.
        case disabled(String)
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
