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
        /// When the tokens of the secret before end; nil when there is none.
        var deposed: TimeText?
    }

    public var title: String { "API keys" }
    public var section: Section? { .keys }

    var tenant: String
    var keys: [Row]

    public init(_ keys: [APIKey], for visitor: Visitor, at now: Timestamp) {
        tenant = visitor.tenant.name
        self.keys = keys.map { key in
            let end = key.deposedAt.map { $0 + APIKey.deposedValidity }
            return Row(
                id: key.id, href: PageAddress.key(key.id), name: key.name, policy: key.policy.rawValue,
                isOwn: key.id == visitor.key, made: TimeText(key.createdAt), used: key.lastUsedAt.map { TimeText($0) },
                deposed: end.flatMap { $0 > now ? TimeText($0) : nil })
        }
    }
}

/// Asks for the name and the policy of a new key.
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
                case .viewer: "reads"
                case .operator: "reads, starts, stops"
                case .admin: "everything, with keys and configurations"
                }
            return Option(value: each.rawValue, label: "\(each.rawValue): \(what)", isChosen: each == policy)
        }
    }
}

/// Shows a secret, this once.
public struct SecretPage: Page {
    public static let template = "secret"

    public let title: String
    public var section: Section? { .keys }

    var id: String
    var secret: String
    var note: String

    /// - Parameter isRotation: whether the key had a secret before.
    public init(_ key: APIKey, secret: String, isRotation: Bool) {
        title = isRotation ? "A new secret for \(key.name)" : "The key \(key.name)"
        id = key.id
        self.secret = secret
        note =
            isRotation
            ? "The secret before gets no more tokens. Those it got stay valid for as long as they live, and sessions that were signed in with it have ended."
            : "It is a key of the tenant \(key.tenant.name) with the policy \(key.policy.rawValue)."
    }
}

/// Asks whether something is really to be done to a key.
public struct ConfirmPage: Page {
    public static let template = "confirm"

    struct Other: Sendable {
        var value: String
        var label: String
    }

    public let title: String
    public var section: Section? { .keys }

    var text: String
    var action: String
    var formToken: String
    var button: String
    var isDanger: Bool
    /// Another thing that can be done in its place.
    var other: Other?
    var back: String

    public static func rotate(_ key: APIKey, for visitor: Visitor) -> ConfirmPage {
        ConfirmPage(
            title: "Rotate the secret of \(key.name)?",
            text:
                "It gets a new secret, which is shown once. The present one gets no more tokens from then on; tokens that it got stay valid for as long as they live, and those of older secrets end within a second.",
            action: PageAddress.key(key.id) + "/rotate", formToken: visitor.formToken, button: "Rotate", isDanger: false,
            back: PageAddress.keys)
    }

    public static func drop(_ key: APIKey, for visitor: Visitor) -> ConfirmPage {
        let isOwn = key.id == visitor.key
        return ConfirmPage(
            title: "Drop \(key.name)?",
            text:
                "Its tokens and sessions end within a second, and whatever uses it stops working. What it started stays. This cannot be undone."
                + (isOwn ? " It is the key that you are signed in with." : ""),
            action: PageAddress.key(key.id) + "/drop", formToken: visitor.formToken, button: "Drop the key", isDanger: true,
            other: key.deposedAt == nil ? nil : Other(value: "deposed", label: "Only the secret before"),
            back: PageAddress.keys)
    }
}
