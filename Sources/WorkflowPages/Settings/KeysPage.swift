public import WorkflowModel

/// Settings › API keys.
public struct KeysPage: Page {
    public static let template = "keys"

    struct Row: Sendable {
        var id: String
        var href: String
        var name: String
        var policy: String
        var isOwn: Bool
        var made: TimeText
        var used: TimeText?
        /// When the tokens of the previous secret end; nil without one.
        var previous: TimeText?
    }

    public var title: String { "API keys" }
    public var section: Section? { .keys }

    var tenant: String
    var keys: [Row]

    public init(_ keys: [APIKey], for visitor: Visitor, at now: Timestamp) {
        tenant = visitor.tenant.name
        self.keys = keys.map { key in
            let end = key.rotatedAt.map { $0 + APIKey.previousSecretValidity }
            return Row(
                id: key.id, href: PageAddress.key(key.id), name: key.name.visible(), policy: key.policy.rawValue,
                isOwn: key.id == visitor.key, made: TimeText(key.createdAt), used: key.lastUsedAt.map { TimeText($0) },
                previous: end.flatMap { $0 > now ? TimeText($0) : nil })
        }
    }
}

/// The form of a new key: name and policy.
public struct NewKeyPage: Page {
    public static let template = "new_key"

    public var title: String { "New API key" }
    public var section: Section? { .keys }

    var name: String
    var policies: [Option]
    var formToken: String
    var problem: String?

    public init(name: String = "", policy: AccessPolicy = .viewer, problem: String? = nil, for visitor: Visitor) {
        self.name = name
        self.problem = problem
        formToken = visitor.formToken
        policies = AccessPolicy.allCases.map { each in
            let what =
                switch each {
                case .viewer: "read"
                case .operator: "read, start and stop runs"
                case .admin: "everything, including keys and configurations"
                case .issuer: "only issue access tokens for keys of this tenant"
                }
            return Option(value: each.rawValue, label: "\(each.rawValue): \(what)", isChosen: each == policy)
        }
    }
}

/// Shows a secret once.
public struct SecretPage: Page {
    public static let template = "secret"

    public let title: String
    public var section: Section? { .keys }

    var id: String
    var secret: String
    var note: String

    /// - Parameter isRotation: whether the secret replaces a previous one.
    public init(_ key: APIKey, secret: String, isRotation: Bool) {
        title = isRotation ? "New secret for \(key.name)" : "API key \(key.name)"
        id = key.id
        self.secret = secret
        note =
            isRotation
            ? "The previous secret can no longer get tokens. Its tokens stay valid until they expire, at most 30 days; its sessions have ended."
            : "Tenant \(key.tenant.name), policy \(key.policy.rawValue)."
    }
}

/// Asks for confirmation before a change of a key.
public struct ConfirmPage: Page {
    public static let template = "confirm"

    struct Other: Sendable {
        var value: String
        var label: String
    }

    public let title: String
    public var section: Section? = .keys

    var text: String
    var action: String
    var formToken: String
    var button: String
    var isDanger: Bool
    /// An alternative action.
    var other: Other?
    var back: String

    public static func rotate(_ key: APIKey, for visitor: Visitor) -> ConfirmPage {
        ConfirmPage(
            title: "Rotate the secret of \(key.name)?",
            text:
                "The key gets a new secret, which is shown once. The current secret can no longer get tokens; its tokens stay valid until they expire, at most 30 days. Tokens of earlier secrets are revoked within a second.",
            action: PageAddress.key(key.id) + "/rotate", formToken: visitor.formToken, button: "Rotate", isDanger: false,
            back: PageAddress.keys)
    }

    public static func drop(_ key: APIKey, for visitor: Visitor) -> ConfirmPage {
        let isOwn = key.id == visitor.key
        return ConfirmPage(
            title: "Drop \(key.name)?",
            text:
                "Its tokens and sessions end within a second, and programs that use the key lose access. Runs that it started are kept. This cannot be undone."
                + (isOwn ? " You are signed in with this key." : ""),
            action: PageAddress.key(key.id) + "/drop", formToken: visitor.formToken, button: "Drop the key", isDanger: true,
            other: key.rotatedAt == nil ? nil : Other(value: "previous", label: "Only the previous secret"),
            back: PageAddress.keys)
    }
}
