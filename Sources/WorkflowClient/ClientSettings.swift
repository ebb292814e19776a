public import WorkflowModel

/// Where the service is, and who asks.
public struct ClientSettings: Sendable {
    public static let standardURL = "http://127.0.0.1:8080"

    public enum Credentials: Hashable, Sendable {
        case none
        /// An access token.
        case token(String)
        /// A key, which is exchanged for tokens as they are needed.
        case key(clientID: String, clientSecret: String)
    }

    /// With scheme and, where it is not the scheme's own, port; a slash at the end does not matter.
    public var url: String
    /// nil where the host names it.
    public var tenant: Tenant?
    public var credentials: Credentials

    public init(url: String = standardURL, tenant: Tenant? = nil, credentials: Credentials = .none) {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        self.tenant = tenant
        self.credentials = credentials
    }
}
