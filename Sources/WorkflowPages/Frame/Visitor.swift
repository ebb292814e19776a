public import WorkflowModel

/// The signed-in user of a page.
public struct Visitor: Hashable, Sendable {
    /// The id of the API key of the session.
    public var key: String
    public var name: String
    public var tenant: Tenant
    public var policy: AccessPolicy
    /// The token that every form of the session carries.
    public var formToken: String
    /// The choices of the browser.
    public var display: DisplayChoice

    public init(
        key: String, name: String, tenant: Tenant, policy: AccessPolicy, formToken: String,
        display: DisplayChoice = DisplayChoice()
    ) {
        self.key = key
        self.name = name
        self.tenant = tenant
        self.policy = policy
        self.formToken = formToken
        self.display = display
    }

    var canOperate: Bool { policy.includes(.operator) }
    var canAdministrate: Bool { policy.includes(.admin) }
}

struct VisitorText: Sendable {
    var name: String
    var tenant: String
    var policy: String
    var formToken: String

    init(_ visitor: Visitor) {
        name = visitor.name
        tenant = visitor.tenant.name
        policy = visitor.policy.rawValue
        formToken = visitor.formToken
    }
}
