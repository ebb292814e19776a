import NIOCore
import WorkflowAPI
import WorkflowModel

/// The body of an alert. It shows the run as it is at the time of the attempt.
struct AlertMessage {
    var body: [UInt8]

    /// - Parameters:
    ///  - run: nil for an alert that concerns no run.
    ///  - base: the base URL of pages; nil for a message without links.
    init(_ alert: Alert, run: WorkflowRun?, kind: AlertReceiver.Kind, base: String?) {
        let link = base.map { $0 + Self.page(of: alert) }
        let document =
            switch kind {
            case .webhook: JSONWriter.document { Self.write(alert, run: run, link: link, to: &$0) }
            case .slack:
                JSONWriter.document { json in
                    json.object { $0.member("text", Self.text(alert, run: run) + (link.map { "\n<\($0)>" } ?? "")) }
                }
            }
        body = Array(document.readableBytesView)
    }

    private static func page(of alert: Alert) -> String {
        switch alert.subject {
        case .run(let run): "/runs/\(PathSegment.escaped(run.rawValue))"
        case .tick: "/configs"
        }
    }

    private static func write(_ alert: Alert, run: WorkflowRun?, link: String?, to json: inout JSONWriter) {
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
                if case .tick(let schedule, let nominal) = alert.subject {
                    json.member("name", alert.title)
                    json.member("schedule", schedule)
                    json.member("scheduled_for", nominal)
                }
            }
        }
    }

    /// A line with the event and its attribution. For a failure, a second line with the beginning of the error.
    private static func text(_ alert: Alert, run: WorkflowRun?) -> String {
        let name = "*\(plain(alert.title))*"
        let happened =
            switch alert.event {
            case .failed: "\(name) failed"
            case .succeeded: "\(name) succeeded"
            case .stopped: "\(name) was stopped"
            case .slow: "\(name) exceeds its expected duration"
            case .tickMissed: "\(name) missed its scheduled start"
            }
        var text = "\(happened) (\(alert.tenant))"
        if case .tick(_, let nominal) = alert.subject { text += ": \(nominal.iso8601)" }
        guard alert.event == .failed, let error = run?.error else { return text }
        let fault =
            switch error.attribution {
            case .customer: ": the fault is the customer's"
            case .platform: ": the fault is the platform's"
            case nil: ""
            }
        let line = error.message.split(whereSeparator: \.isNewline).first.map { String($0.prefix(500)) } ?? ""
        return "\(text)\(fault)\n\(plain(line))"
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
