public import WorkflowModel

/// The address of the service, the tenant and the credentials.
public struct ClientSettings: Sendable {
    public static let standardURL = "http://127.0.0.1:8080"

    public enum Credentials: Hashable, Sendable {
        case none
        /// An access token.
        case token(String)
        /// A key, which the client exchanges for tokens.
        case key(clientID: String, clientSecret: String)

        var presented: ClientError.PresentedCredentials {
            switch self {
            case .none: .none
            case .token: .token
            case .key: .key
            }
        }
    }

    /// With scheme and, unless it is the default, port. Slashes at the end are removed.
    public var url: String
    /// nil when the host names the tenant.
    public var tenant: Tenant?
    public var credentials: Credentials

    public init(url: String = standardURL, tenant: Tenant? = nil, credentials: Credentials = .none) {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        self.tenant = tenant
        self.credentials = credentials
    }

    /// Whether the address has a path, which is right only behind a proxy that removes it.
    var hasPath: Bool {
        guard let scheme = url.firstRange(of: "://") else { return false }
        return url[scheme.upperBound...].contains("/")
    }
}
