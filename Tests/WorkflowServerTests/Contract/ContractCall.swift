/// One request that the contract describes, and its expected answer.
struct ContractCall: Sendable {
    /// The rule of the contract that it checks.
    var rule: String
    /// Method and target, such as `GET /api/workflow/runs?limit=1`. `{name}` stands for a value that an earlier call remembered.
    var request: String
    /// The token of the request, by the name of a policy or of a remembered token; nil for none.
    var key: String?
    /// Beside `Authorization`. A name may occur twice.
    var headers: [(name: String, value: String)]
    var body: String?
    var status: Int
    var checks: [Check]

    enum Check: Sendable {
        /// The body has this text.
        case has(String)
        case lacks(String)
        /// The answer has a header with this value.
        case header(String, String)
        /// The list has these runs, in this order.
        case runs(String)
        /// The object has these members and no others, in this order.
        case members(String)
        /// Remembers the value of a member for later calls.
        case remember(String, as: String)
    }

    init(
        _ rule: String, _ request: String, as key: String? = "viewer", headers: [(String, String)] = [], tenant: String? = "acme",
        body: String? = nil, _ status: Int, _ checks: Check...
    ) {
        self.rule = rule
        self.request = request
        self.key = key
        self.headers = (tenant.map { [("amperity-tenant", $0)] } ?? []) + headers
        self.body = body
        self.status = status
        self.checks = checks
    }
}

/// A part of the contract: its calls run one after the other against one service.
enum ContractPart: String, CaseIterable, Sendable {
    case addressing = "Addressing"
    case credentials = "Credentials and tokens"
    case list = "GET /api/workflow/runs"
    case states = "States"
    case run = "GET /api/workflow/runs/{id}"
    case start = "POST /api/workflow/runs"
    case stop = "POST /api/workflow/runs/{id}/stop"
    case audit = "GET /api/audit-events"
    case errors = "Answers that are errors"

    var calls: [ContractCall] {
        switch self {
        case .addressing: Self.addressingCalls
        case .credentials: Self.credentialCalls
        case .list: Self.listCalls
        case .states: Self.stateCalls
        case .run: Self.runCalls
        case .start: Self.startCalls
        case .stop: Self.stopCalls
        case .audit: Self.auditCalls
        case .errors: Self.errorCalls
        }
    }
}
