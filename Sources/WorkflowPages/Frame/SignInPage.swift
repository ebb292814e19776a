public import WorkflowModel

/// The sign-in form: client id and secret of an API key, or a one-time link.
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
    /// The path to open after signing in.
    var next: String
    var problem: String?
    var link: Link?

    public init(formToken: String, clientID: String = "", next: String, problem: String? = nil) {
        self.formToken = formToken
        self.clientID = clientID
        self.next = next
        self.problem = problem
    }

    /// - Parameter token: the token of the link.
    public init(formToken: String, link token: String, for key: APIKey) {
        self.init(formToken: formToken, next: "")
        link = Link(name: key.name, tenant: key.tenant.name, action: PageAddress.signIn(link: token))
    }
}

/// The page of an error.
public struct FaultPage: Page {
    public static let template = "fault"

    public let title: String
    public var section: Section? { nil }

    var status: Int
    var message: String
    var requestID: String
    var back: String
    var backLabel: String

    /// - Parameter path: that of the request, which decides where the page leads.
    public init(status: Int, title: String, message: String, requestID: String, path: String = PageAddress.history) {
        let isWorkflow = path == PageAddress.configured || path.hasPrefix(PageAddress.configured + "/")
        back = isWorkflow ? PageAddress.configured : PageAddress.history
        backLabel = isWorkflow ? "Workflows" : "Run history"
        self.status = status
        self.title = title
        self.message = message
        self.requestID = requestID
    }
}
