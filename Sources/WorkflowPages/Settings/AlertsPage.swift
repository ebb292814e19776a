public import WorkflowModel

/// Settings › Alerts: receivers, their events, and the last alerts.
public struct AlertsPage: Page {
    public static let template = "alerts"
    /// Alerts shown, at most.
    public static let most = 50

    struct Receiver: Sendable {
        var name: String
        var kind: String
        var url: String
        var events: String
        var only: String?
        var disabled: TimeText?
        var reason: String?
        /// nil for visitors who may not change receivers, and for one that is enabled.
        var enable: String?
        /// nil for visitors who may not change receivers.
        var actions: Actions?
    }

    struct Actions: Sendable {
        var name: String
        var edit: String
        var test: String
        var rotate: String
        var drop: String
    }

    struct Row: Sendable {
        var id: String
        var event: String
        var title: String
        var href: String
        var receiver: String
        var time: TimeText
        var state: StateText
        var attempts: String
        var answer: String?
        var next: TimeText?
        var resend: String?
    }

    struct Silent: Sendable {
        var configuration: String
        var receiver: String
    }

    public var title: String { "Alerts" }
    public var section: Section? { .alerts }

    var tenant: String
    var formToken: String
    /// nil for visitors who may not add receivers.
    var newHref: String?
    var hasReceivers: Bool
    var receivers: [Receiver]
    var hasAlerts: Bool
    var alerts: [Row]
    var silent: [Silent]

    /// - Parameter silent: rules of configurations whose receiver is disabled or missing.
    public init(
        receivers: [AlertReceiver], alerts: [Alert], silent: [(configuration: String, receiver: String)], for visitor: Visitor
    ) {
        tenant = visitor.tenant.name
        formToken = visitor.formToken
        newHref = visitor.canAdministrate ? PageAddress.newReceiver : nil
        hasReceivers = !receivers.isEmpty
        hasAlerts = !alerts.isEmpty
        self.receivers = receivers.map { receiver in
            Receiver(
                name: receiver.name, kind: receiver.kind.rawValue, url: receiver.shownURL,
                events: AlertText.events(receiver.rule), only: AlertText.filters(receiver.rule),
                disabled: receiver.disabledAt.map { TimeText($0) }, reason: receiver.disabledReason,
                enable: receiver.disabledAt != nil && visitor.canAdministrate ? PageAddress.enable(receiver.name) : nil,
                actions: visitor.canAdministrate
                    ? Actions(
                        name: receiver.name, edit: PageAddress.editReceiver(receiver.name),
                        test: PageAddress.testReceiver(receiver.name), rotate: PageAddress.rotateReceiver(receiver.name),
                        drop: PageAddress.deleteReceiver(receiver.name)) : nil)
        }
        let working = Set(receivers.filter { $0.disabledAt == nil }.map(\.name))
        self.alerts = alerts.map { alert in
            Row(
                id: alert.id, event: AlertText.event(alert.event), title: alert.title, href: AlertText.address(alert.subject),
                receiver: alert.receiver, time: TimeText(alert.occurredAt), state: AlertText.state(alert.state),
                attempts: CountText.text(alert.attempts, "attempt", "attempts"), answer: alert.answer,
                next: alert.attempts > 0 ? alert.nextAttemptAt.map { TimeText($0) } : nil,
                resend: visitor.canOperate && working.contains(alert.receiver) ? PageAddress.resend(alert.id) : nil)
        }
        self.silent = silent.map { Silent(configuration: $0.configuration, receiver: $0.receiver) }
    }
}

/// The words for alerts.
enum AlertText {
    static func event(_ event: AlertEvent) -> String {
        switch event {
        case .failed: "Failed"
        case .succeeded: "Succeeded"
        case .stopped: "Stopped"
        case .warning: "Warnings"
        case .slow: "Takes too long"
        case .tickMissed: "Not started"
        }
    }

    static func events(_ rule: AlertRule) -> String {
        let words = AlertEvent.allCases.filter(rule.events.contains).map { event($0) }
        return words.isEmpty ? "As configured by workflows" : words.joined(separator: ", ")
    }

    static func filters(_ rule: AlertRule) -> String? {
        let words = (rule.attribution.map { ["\($0.rawValue) errors"] } ?? []) + rule.types + rule.configurations
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    static func address(_ subject: AlertSubject) -> String {
        switch subject {
        case .run(let run): PageAddress.run(run)
        case .tick: PageAddress.configured
        }
    }

    static func state(_ state: Alert.State) -> StateText {
        switch state {
        case .pending: text(.scheduled, "Pending")
        case .delivered: text(.succeeded, "Delivered")
        case .givenUp: text(.failed, "Given up")
        }
    }

    private static func text(_ like: WorkflowState, _ label: String) -> StateText {
        var text = StateText(like)
        text.label = label
        return text
    }
}
