public import WorkflowModel

/// The form that issues a token of a key: its lifetime in days.
public struct TokenFormPage: Page {
    public static let template = "get_token"
    public static let standardDays = 30

    public let title: String
    public var section: Section? { .keys }

    var policy: String
    var action: String
    var formToken: String
    var days: String
    var most: Int
    var rotate: Bool
    var problem: String?
    var back: String

    /// - Parameters:
    ///   - days: the previous input, when the form is shown again with a problem.
    ///   - most: the longest lifetime in days.
    public init(
        _ key: APIKey, days: String = String(standardDays), most: Int, rotate: Bool = false, problem: String? = nil,
        for visitor: Visitor
    ) {
        title = "Get a token for \(key.name)"
        policy = key.policy.rawValue
        action = PageAddress.key(key.id) + "/token"
        formToken = visitor.formToken
        self.days = days
        self.most = most
        self.rotate = rotate
        self.problem = problem
        back = PageAddress.keys
    }
}

/// Shows a token once, with the new secret of its key when that was rotated.
public struct TokenPage: Page {
    public static let template = "token"

    public let title: String
    public var section: Section? { .keys }

    var id: String
    var token: String
    var expires: TimeText
    var secret: String?
    var note: String
    var back: String

    /// - Parameter secret: the new client secret; nil when it was not rotated.
    public init(_ key: APIKey, token: String, expiresAt: Timestamp, secret: String?) {
        title = "Token for \(key.name)"
        id = key.id
        self.token = token
        expires = TimeText(expiresAt)
        self.secret = secret
        note =
            secret == nil
            ? "After a rotation of the key's secret this token stays valid for at most 30 days. Dropping the key revokes it within a second."
            : "Tokens issued before this rotation expire within 30 days. The previous client secret can no longer get tokens."
        back = PageAddress.keys
    }
}
