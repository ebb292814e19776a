public import WorkflowModel

/// Who looks at a page.
public struct Visitor: Hashable, Sendable {
    /// The id of the key that they signed in with.
    public var key: String
    public var name: String
    public var tenant: Tenant
    public var policy: AccessPolicy
    /// What every form of theirs has to carry.
    public var formToken: String

    public init(key: String, name: String, tenant: Tenant, policy: AccessPolicy, formToken: String) {
        self.key = key
        self.name = name
        self.tenant = tenant
        self.policy = policy
        self.formToken = formToken
    }

    var canOperate: Bool { policy >= .operator }
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
