import NIOCore
import WorkflowAPI
import WorkflowModel

/// What a receiver is sent: the same at every attempt, but for a run that went on meanwhile.
struct AlertMessage {
    var body: [UInt8]

    /// - Parameters:
    ///   - run: nil for an alert that is about none.
    ///   - base: what the addresses of pages begin with; nil where there are none, and so no link.
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
        case .run(let run): "/runs/\(Paths.escaped(run.rawValue))"
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

    /// One line of what happened and whose fault it is, and the first line of the error.
    private static func text(_ alert: Alert, run: WorkflowRun?) -> String {
        let name = "*\(plain(alert.title))*"
        let happened =
            switch alert.event {
            case .failed: "\(name) failed"
            case .succeeded: "\(name) succeeded"
            case .stopped: "\(name) was stopped"
            case .slow: "\(name) takes longer than it should"
            case .tickMissed: "\(name) was not started when it should have been"
            }
        var text = "\(happened) (\(alert.tenant))"
        if case .tick(_, let nominal) = alert.subject { text += ": \(nominal.iso8601)" }
        guard alert.event == .failed, let error = run?.error else { return text }
        let fault =
            error.attribution == .customer ? "the configuration is at fault (customer)" : "not the configuration's fault (platform)"
        let line = error.message.split(whereSeparator: \.isNewline).first.map { String($0.prefix(500)) } ?? ""
        return "\(text): \(fault)\n\(plain(line))"
    }

    /// What would be markup is text.
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
