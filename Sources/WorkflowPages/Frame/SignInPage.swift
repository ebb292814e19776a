public import WorkflowModel

/// Where one signs in, with a key's client id and secret or with a one-time link.
public struct SignInPage: Page {
    public static let template = "sign_in"

    struct Link: Sendable {
        var name: String
        var tenant: String
        var action: String
    }

    public var title: String { "Sign in" }
    public var section: Section? { nil }

    var formToken: String
    var clientID: String
    /// Where to go then.
    var next: String
    var problem: String?
    var link: Link?

    public init(formToken: String, clientID: String = "", next: String, problem: String? = nil) {
        self.formToken = formToken
        self.clientID = clientID
        self.next = next
        self.problem = problem
    }

    /// - Parameter token: what the link carries.
    public init(formToken: String, link token: String, for key: APIKey) {
        self.init(formToken: formToken, next: "")
        link = Link(name: key.name, tenant: key.tenant.name, action: PageAddress.signIn(link: token))
    }
}

/// What is shown in place of a page that cannot be.
public struct FaultPage: Page {
    public static let template = "fault"

    public let title: String
    public var section: Section? { nil }

    var status: Int
    var message: String
    var requestID: String

    public init(status: Int, title: String, message: String, requestID: String) {
        self.status = status
        self.title = title
        self.message = message
        self.requestID = requestID
    }
}
