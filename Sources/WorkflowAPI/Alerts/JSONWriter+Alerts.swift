public import NIOCore
public import WorkflowModel

/// The forms of alerts and receivers on the wire.
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

    /// A receiver without anything secret: of its address only the host is shown.
    /// - Parameter secret: the one time that it is told.
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

/// A page of alerts, and what of the configurations tells nobody.
public struct AlertListAnswer: Hashable, Sendable {
    public var alerts: [Alert]
    /// nil on the last page.
    public var nextToken: String?
    /// Rules that name a receiver which is not there, or is disabled.
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

/// A rule of a configuration that tells nobody.
public struct SilentRule: Hashable, Sendable {
    public var configuration: String
    public var receiver: String

    public init(configuration: String, receiver: String) {
        self.configuration = configuration
        self.receiver = receiver
    }

    /// Those among the rules of configurations that no receiver listens to.
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
