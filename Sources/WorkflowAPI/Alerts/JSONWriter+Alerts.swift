public import NIOCore
public import WorkflowModel

/// Alerts and receivers on the wire.
extension JSONWriter {
    public mutating func alert(_ alert: Alert) {
        object { json in
            json.member("id", alert.id)
            json.member("tenant", alert.tenant.name)
            json.member("receiver", alert.receiver)
            json.member("event", alert.event.rawValue)
            switch alert.subject {
            case .run(let run): json.member("run_id", run.rawValue)
            case .tick(let schedule, let nominal):
                json.member("schedule", schedule)
                json.member("scheduled_for", nominal)
            }
            json.member("config_id", alert.configuration)
            json.member("name", alert.title)
            json.member("occurred_at", alert.occurredAt)
            json.member("state", alert.state.rawValue)
            json.member("attempts", alert.attempts)
            json.member("next_attempt_at", alert.nextAttemptAt)
            json.member("last_attempt_at", alert.lastAttemptAt)
            json.member("answer", alert.answer)
        }
    }

    /// A receiver. Of its address only the host is shown, because the rest may be a secret.
    /// - Parameter secret: only in the answer that creates or rotates it.
    public mutating func receiver(_ receiver: AlertReceiver, secret: String? = nil) {
        object { json in
            json.member("name", receiver.name)
            json.member("tenant", receiver.tenant.name)
            json.member("kind", receiver.kind.rawValue)
            json.member("url", receiver.shownURL)
            json.members(of: receiver.rule)
            json.member("created_at", receiver.createdAt)
            json.member("rotated_at", receiver.rotatedAt)
            json.member("disabled_at", receiver.disabledAt)
            json.member("disabled_reason", receiver.disabledReason)
            json.member("secret", secret)
        }
    }
}

extension AlertReceiver {
    public func document(secret: String? = nil) -> ByteBuffer {
        JSONWriter.document { $0.receiver(self, secret: secret) }
    }
}

/// A page of alerts, and the alert rules that reach no receiver.
public struct AlertListAnswer: Hashable, Sendable {
    public var alerts: [Alert]
    /// nil on the last page.
    public var nextToken: String?
    /// Rules whose receiver is missing or disabled.
    public var silent: [SilentRule]

    public init(alerts: [Alert], nextToken: String?, silent: [SilentRule]) {
        self.alerts = alerts
        self.nextToken = nextToken
        self.silent = silent
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in json.object { $0.members(of: self) } }
    }
}

/// A rule of a configuration whose receiver is missing or disabled.
public struct SilentRule: Hashable, Sendable {
    public var configuration: String
    public var receiver: String

    public init(configuration: String, receiver: String) {
        self.configuration = configuration
        self.receiver = receiver
    }

    /// Those of the rules whose receiver is missing or disabled.
    public static func all(in rules: [ConfigurationAlerts], receivers: [AlertReceiver]) -> [SilentRule] {
        let listening = Set(receivers.filter { $0.disabledAt == nil }.map(\.name))
        return rules.flatMap { rule in
            Set(rule.routes.map(\.receiver)).subtracting(listening).sorted().map {
                SilentRule(configuration: rule.configuration, receiver: $0)
            }
        }
    }
}

extension JSONWriter {
    public mutating func members(of answer: AlertListAnswer) {
        name("data")
        array(of: answer.alerts) { json, alert in json.alert(alert) }
        member("next_token", answer.nextToken)
        guard !answer.silent.isEmpty else { return }
        name("silent_rules")
        array(of: answer.silent) { json, rule in
            json.object { json in
                json.member("config_id", rule.configuration)
                json.member("receiver", rule.receiver)
            }
        }
    }
}
