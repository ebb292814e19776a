public import WorkflowAPI

/// Why a request to the service did not succeed.
public struct ClientError: Error, Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// The service answered with an error; its table of errors and statuses, read the other way round.
        case refused(APIError.Kind)
        /// No connection: nobody listens there, or the network is down.
        case unreachable
        /// The service did not answer in time.
        case timedOut
        /// The answer is not one of this service.
        case unreadable
        /// The address of the service, or what it was to be asked, cannot be.
        case invalidAddress
    }

    public var code: Code
    /// One sentence or two, safe to show.
    public var message: String
    /// What the service calls the request in its log; nil where it was never reached.
    public var requestID: String?
    /// Whether the service said when to ask again: what it refused for passes by itself.
    public var isPassing: Bool

    public init(_ code: Code, _ message: String, requestID: String? = nil, isPassing: Bool = false) {
        self.code = code
        self.message = message
        self.requestID = requestID
        self.isPassing = isPassing
    }

    init(_ answer: APIError) {
        self.init(.refused(answer.kind), answer.message, requestID: answer.requestID, isPassing: answer.isPassing)
    }
}
