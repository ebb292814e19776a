import NIOCore
import WorkflowAPI
import WorkflowModel

/// The body of an alert. It shows the run as it is at the time of the attempt.
struct AlertMessage {
    var body: [UInt8]

    /// - Parameters:
    ///  - run: nil for an alert that concerns no run.
    ///  - causes: what else there is to say about it.
    ///  - base: the base URL of pages; nil for a message without links.
    init(
        _ alert: Alert, run: WorkflowRun?, _ causes: AlertCauses = AlertCauses(), kind: AlertReceiver.Kind, base: String?
    ) {
        let link = base.map { $0 + Self.page(of: alert) }
        let document =
            switch kind {
            case .webhook: JSONWriter.document { Self.write(alert, run: run, causes, link: link, to: &$0) }
            case .slack:
                JSONWriter.document { json in
                    json.object { $0.member("text", Self.text(alert, run: run, causes) + (link.map { "\n<\($0)>" } ?? "")) }
                }
            }
        body = Array(document.readableBytesView)
    }

    private static func page(of alert: Alert) -> String {
        switch alert.subject {
        case .run(let run): "/runs/\(PathSegment.escaped(run.rawValue))"
        case .tick: "/workflows/\(PathSegment.escaped(alert.configuration))/schedule"
        }
    }

    private static func write(
        _ alert: Alert, run: WorkflowRun?, _ causes: AlertCauses, link: String?, to json: inout JSONWriter
    ) {
        json.object { json in
            json.member("type", alert.event.type)
            json.member("timestamp", alert.occurredAt)
            json.name("data")
            json.object { json in
                json.member("tenant", alert.tenant.name)
                json.member("config_id", alert.configuration)
                json.member("link", link)
                if let run {
                    json.name("run")
                    json.run(run)
                }
                json.member("stop", causes.stop)
                if let subscription = causes.subscription {
                    json.name("subscription")
                    json.subscription(subscription, event: nil)
                }
                if !causes.warnings.isEmpty {
                    json.name("warnings")
                    json.array(of: causes.warnings) { json, warning in
                        json.object { json in
                            json.member("task_instance_id", warning.task.rawValue)
                            json.member("label", warning.label)
                            json.member("text", warning.text)
                        }
                    }
                }
                if case .tick(let schedule, let nominal) = alert.subject {
                    json.member("name", alert.title)
                    json.member("schedule", schedule)
                    json.member("scheduled_for", nominal)
                }
            }
        }
    }

    /// A line with the event and its attribution, or who stopped the run and why. For a failure, a second line with the beginning of
    /// the error; for warnings, a line for each. The last line says who asked for it.
    private static func text(_ alert: Alert, run: WorkflowRun?, _ causes: AlertCauses) -> String {
        let asked = causes.subscription.map { "\nAsked for by \(plain(line($0.requestedBy.name)))." } ?? ""
        return happening(alert, run: run, causes) + asked
    }

    private static func happening(_ alert: Alert, run: WorkflowRun?, _ causes: AlertCauses) -> String {
        let name = "*\(plain(alert.title))*"
        let happened =
            switch alert.event {
            case .failed: "\(name) failed"
            case .succeeded, .warning: "\(name) succeeded\(number(run?.warnings ?? 0))"
            case .stopped: "\(name) was stopped" + (causes.stop.map { " by \(plain(line($0.requestedBy.name)))" } ?? "")
            case .slow: "\(name) exceeds its expected duration"
            case .tickMissed: "\(name) missed its scheduled start"
            }
        var text = "\(happened) (\(alert.tenant))"
        if case .tick(_, let nominal) = alert.subject { text += ": \(nominal.iso8601)" }
        if alert.event == .stopped, let reason = causes.stop?.reason { text += ": \(plain(line(reason)))" }
        for warning in causes.warnings { text += "\n\(plain(warning.label)): \(plain(line(warning.text)))" }
        guard alert.event == .failed, let error = run?.error else { return text }
        let fault =
            switch error.attribution {
            case .customer: ": the fault is the customer's"
            case .platform: ": the fault is the platform's"
            case nil: ""
            }
        return "\(text)\(fault)\n\(plain(line(error.message)))"
    }

    private static func number(_ warnings: Int) -> String {
        warnings > 0 ? " with \(warnings) \(warnings == 1 ? "warning" : "warnings")" : ""
    }

    /// The beginning of a text from outside.
    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).first.map { String($0.prefix(500)) } ?? ""
    }

    /// Escapes the characters that Slack reads as markup.
    private static func plain(_ text: String) -> String {
        var plain = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": plain += "&amp;"
            case "<": plain += "&lt;"
            case ">": plain += "&gt;"
            default: plain.unicodeScalars.append(character)
            }
        }
        return plain
    }
}

/// The parts of a message beside the run itself.
struct AlertCauses: Sendable {
    /// The first ones, for an alert about them.
    var warnings: [RunWarning] = []
    /// The request that stopped the run; nil for other alerts.
    var stop: RunStop?
    /// The request for the alert; nil for one that only a rule covers.
    var subscription: RunSubscription?
}
