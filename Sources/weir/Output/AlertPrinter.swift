import WorkflowAPI
import WorkflowModel

/// Alerts and receivers as people and programs see them.
enum AlertPrinter {
    static func print(_ answer: AlertListAnswer, json: Bool, console: Console = .standard) {
        if json { return console.print(JSONOutput.text { json in json.object { $0.members(of: answer) } }) }
        if answer.alerts.isEmpty {
            console.note("There is no such alert.")
        } else {
            console.print(table(answer.alerts, width: console.outputWidth))
        }
        if let token = answer.nextToken { console.note("There are more: --next-token \(token)") }
        for rule in answer.silent {
            console.note(
                "\(rule.configuration) tells \(rule.receiver), which is disabled or not there: that rule is silent.")
        }
    }

    static func table(_ alerts: [Alert], width: Int?) -> String {
        TextTable(
            [
                .init(title: "id", isFlexible: true), .init(title: "receiver"), .init(title: "event"),
                .init(title: "occurred"), .init(title: "state"), .init(title: "attempts", alignment: .right),
                .init(title: "next"), .init(title: "answer", isFlexible: true),
            ],
            rows: alerts.map { alert in
                [
                    alert.id, alert.receiver, alert.event.rawValue.replacing("_", with: " "), HumanText.time(alert.occurredAt),
                    alert.state.rawValue, String(alert.attempts), HumanText.time(alert.nextAttemptAt),
                    alert.answer ?? HumanText.nothing,
                ]
            }, width: width
        ).text()
    }

    static func print(_ made: ReceiverAnswer, json: Bool, console: Console = .standard) {
        if json { return console.print(JSONOutput.text { $0.receiver(made.receiver, secret: made.secret) }) }
        let receiver = made.receiver
        console.print(
            TextTable.facts([
                ("Receiver", receiver.name), ("Tenant", receiver.tenant.name), ("Kind", receiver.kind.rawValue),
                ("Address", receiver.url), ("On", events(receiver.rule)), ("Signing secret", made.secret ?? HumanText.nothing),
            ]))
        console.note("This is the only time that the secret is shown.")
    }

    static func print(_ receivers: [ReceiverAnswer], json: Bool, console: Console = .standard) {
        if json { return console.print(JSONOutput.list(receivers) { $0.receiver($1.receiver) }) }
        if receivers.isEmpty { return console.note("There is no receiver yet; add one with weir alerts receivers add.") }
        console.print(
            TextTable(
                [
                    .init(title: "name"), .init(title: "tenant"), .init(title: "kind"), .init(title: "address", isFlexible: true),
                    .init(title: "on", isFlexible: true), .init(title: "only", isFlexible: true), .init(title: "state"),
                ],
                rows: receivers.map(\.receiver).map { receiver in
                    [
                        receiver.name, receiver.tenant.name, receiver.kind.rawValue, receiver.url, events(receiver.rule),
                        filters(receiver.rule), receiver.disabledAt == nil ? "enabled" : "disabled",
                    ]
                }, width: console.outputWidth
            ).text())
    }

    private static func events(_ rule: AlertRule) -> String {
        let words = AlertEvent.allCases.filter(rule.events.contains).map { $0.rawValue.replacing("_", with: " ") }
        return words.isEmpty ? "what configurations say" : words.joined(separator: ", ")
    }

    private static func filters(_ rule: AlertRule) -> String {
        let words = (rule.attribution.map { [$0.rawValue] } ?? []) + rule.types + rule.configurations
        return words.isEmpty ? HumanText.nothing : words.joined(separator: ", ")
    }
}
