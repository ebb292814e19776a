public import WorkflowAPI

/// Why a request to the service did not succeed.
public struct ClientError: Error, Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// The service answered with an error.
        case refused(APIError.Kind)
        /// No connection could be made, or it was lost.
        case unreachable
        /// The service did not answer in time.
        case timedOut
        /// The answer is not one of a Weir service.
        case unreadable
        /// The address of the service is invalid.
        case invalidAddress
    }

    public var code: Code
    /// One sentence or two, safe to show.
    public var message: String
    /// The id of the request in the service's log; nil when no service answered.
    public var requestID: String?
    /// Whether the cause is temporary: the service said when to try again.
    public var isPassing: Bool
    /// The credentials of the request, when the service refused them.
    public var presented: PresentedCredentials?

    public enum PresentedCredentials: Hashable, Sendable {
        case none
        case token
        case key
    }

    public init(_ code: Code, _ message: String, requestID: String? = nil, isPassing: Bool = false) {
        self.code = code
        self.message = message
        self.requestID = requestID
        self.isPassing = isPassing
    }

    /// The address is not the root of a service.
    static func notAService(_ url: String) -> ClientError {
        ClientError(
            .invalidAddress,
            "No Weir service answers at \(url). The URL must be the root of the service, "
                + "such as http://127.0.0.1:8080.")
    }

    init(_ answer: APIError) {
        self.init(.refused(answer.kind), answer.message, requestID: answer.requestID, isPassing: answer.isPassing)
    }
}
