import WorkflowAPI
import WorkflowModel

/// The output of `weir alerts`.
enum AlertPrinter {
    /// - Parameter isFiltered: whether the list has a filter.
    static func print(_ answer: AlertListAnswer, isFiltered: Bool, json: Bool, console: Console = .standard) throws {
        if json { return try console.print(JSONOutput.text { json in json.object { $0.members(of: answer) } }) }
        if answer.alerts.isEmpty {
            console.note(isFiltered ? "No alert matches." : "No alert yet.")
        } else {
            try console.print(table(answer.alerts, width: console.outputWidth))
        }
        if let token = answer.nextToken { console.note("More alerts exist. Use --next-token \(token)") }
        for rule in answer.silent {
            console.note(
                "A rule of \(rule.configuration) sends no alerts: receiver \(rule.receiver) is disabled or not found.")
        }
    }

    static func table(_ alerts: [Alert], width: Int?) -> String {
        TextTable(
            [
                // The id contains the receiver and the event.
                .init(title: "id"), .init(title: "receiver", leaves: 3), .init(title: "event", leaves: 4),
                .init(title: "occurred", leaves: 2), .init(title: "state"), .init(title: "attempts", alignment: .right, leaves: 5),
                .init(title: "next", leaves: 6), .init(title: "answer", fit: .wrapped, leaves: 1),
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

    static func reveal(_ made: ReceiverAnswer, json: Bool, console: Console = .standard) throws(OutputFailure) {
        if json { return try console.reveal(JSONOutput.text { $0.receiver(made.receiver, secret: made.secret) }) }
        let receiver = made.receiver
        try console.reveal(
            TextTable.facts([
                ("Receiver", receiver.name), ("Tenant", receiver.tenant.name), ("Kind", receiver.kind.rawValue),
                ("Address", receiver.url), ("On", events(receiver.rule)), ("Signing secret", made.secret ?? HumanText.nothing),
            ]))
        console.note("The secret is shown only once.")
    }

    static func print(_ receivers: [ReceiverAnswer], of tenant: Tenant?, json: Bool, console: Console = .standard) throws {
        if json { return try console.print(JSONOutput.list(receivers) { $0.receiver($1.receiver) }) }
        if receivers.isEmpty {
            let owner = tenant.map { "Tenant \($0) has no receiver yet" } ?? "No receiver yet"
            return console.note("\(owner). Add one with weir alerts receivers add.")
        }
        try console.print(
            TextTable(
                [
                    .init(title: "name"), .init(title: "tenant", leaves: 3), .init(title: "kind", leaves: 2),
                    .init(title: "address", fit: .shortened), .init(title: "on", fit: .wrapped),
                    .init(title: "only", fit: .wrapped, leaves: 1), .init(title: "state"),
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
        return words.isEmpty ? "per configuration" : words.joined(separator: ", ")
    }

    private static func filters(_ rule: AlertRule) -> String {
        let words = (rule.attribution.map { [$0.rawValue] } ?? []) + rule.types + rule.configurations
        return words.isEmpty ? HumanText.nothing : words.joined(separator: ", ")
    }
}
