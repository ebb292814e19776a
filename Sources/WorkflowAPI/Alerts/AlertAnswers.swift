public import WorkflowModel

extension AlertListAnswer {
    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        var alerts: [Alert]?
        var token: String?
        var silent: [SilentRule] = []
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "data": alerts = try reader.array { try $0.alert() }
                case "next_token": token = try reader.optional { try $0.string() }
                case "silent_rules": silent = try reader.array { try $0.silentRule() }
                default: try reader.skip()
                }
            }
        }
        self.init(alerts: try alerts.required("data"), nextToken: token, silent: silent)
    }
}

extension Alert {
    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try $0.alert() }
    }
}

/// A receiver as the API answers with it: the secret once, and only the host of the address.
public struct ReceiverAnswer: Hashable, Sendable {
    /// With the host as its address, and without a secret.
    public var receiver: AlertReceiver
    /// `whsec_…`; only in the answer that creates or rotates it.
    public var secret: String?

    public init(_ receiver: AlertReceiver, secret: String? = nil) {
        self.receiver = receiver
        self.receiver.url = receiver.shownURL
        self.receiver.secret = []
        self.receiver.previousSecret = nil
        self.secret = secret
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try $0.receiver() }
    }

    /// - Throws: ``JSONProblem``
    public static func list(json bytes: [UInt8]) throws(JSONProblem) -> [ReceiverAnswer] {
        try JSONReader.list(bytes) { try $0.receiver() }
    }
}

extension JSONReader {
    fileprivate mutating func alert() throws -> Alert {
        var texts: [String: String] = [:]
        var times: [String: Timestamp] = [:]
        var event: AlertEvent?
        var state: Alert.State?
        var attempts = 0
        try object { reader, name in
            switch name {
            case "id", "tenant", "receiver", "run_id", "schedule", "config_id", "name", "answer":
                texts[name] = try reader.optional { try $0.string() }
            case "scheduled_for", "occurred_at", "next_attempt_at", "last_attempt_at":
                times[name] = try reader.optional { try $0.timestamp() }
            case "event": event = try reader.choice()
            case "state": state = try reader.choice()
            case "attempts": attempts = try reader.integer()
            default: try reader.skip()
            }
        }
        let subject: AlertSubject =
            if let run = texts["run_id"] {
                .run(RunID(rawValue: run))
            } else {
                .tick(schedule: texts["schedule"] ?? "", nominal: try times["scheduled_for"].required("run_id"))
            }
        return Alert(
            id: try texts["id"].required("id"), tenant: try texts["tenant"].flatMap(Tenant.init).required("tenant"),
            receiver: try texts["receiver"].required("receiver"), event: try event.required("event"), subject: subject,
            title: try texts["name"].required("name"), configuration: try texts["config_id"].required("config_id"),
            occurredAt: try times["occurred_at"].required("occurred_at"), state: try state.required("state"), attempts: attempts,
            nextAttemptAt: times["next_attempt_at"], lastAttemptAt: times["last_attempt_at"], answer: texts["answer"])
    }

    fileprivate mutating func silentRule() throws -> SilentRule {
        var texts: [String: String] = [:]
        try object { reader, name in texts[name] = try reader.string() }
        return SilentRule(
            configuration: try texts["config_id"].required("config_id"), receiver: try texts["receiver"].required("receiver"))
    }

    fileprivate mutating func receiver() throws -> ReceiverAnswer {
        var texts: [String: String] = [:]
        var times: [String: Timestamp] = [:]
        var kind = AlertReceiver.Kind.webhook
        var rule = AlertRule(events: [])
        try object { reader, name in
            switch name {
            case "name", "tenant", "url", "disabled_reason", "secret": texts[name] = try reader.optional { try $0.string() }
            case "created_at", "rotated_at", "disabled_at": times[name] = try reader.optional { try $0.timestamp() }
            case "kind": kind = try reader.choice()
            case "on": rule.events = Set(try reader.array { try $0.choice() })
            case "attribution": rule.attribution = try reader.optional { try $0.choice() }
            case "types": rule.types = try reader.array { try $0.string() }
            case "configurations": rule.configurations = try reader.array { try $0.string() }
            default: try reader.skip()
            }
        }
        let receiver = AlertReceiver(
            tenant: try texts["tenant"].flatMap(Tenant.init).required("tenant"), name: try texts["name"].required("name"),
            kind: kind, url: try texts["url"].required("url"), rule: rule, secret: [], rotatedAt: times["rotated_at"],
            createdAt: try times["created_at"].required("created_at"), disabledAt: times["disabled_at"],
            disabledReason: texts["disabled_reason"])
        return ReceiverAnswer(receiver, secret: texts["secret"])
    }
}
