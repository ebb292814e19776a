import WorkflowAPI
import WorkflowModel

/// The output of `weir triggers`.
enum FiringPrinter {
    static func table(_ firings: [TriggerFiring], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "time"), .init(title: "event", fit: .wrapped), .init(title: "outcome"), .init(title: "run"),
                .init(title: "reason", fit: .wrapped),
            ],
            rows: firings.map { firing in
                [
                    HumanText.time(firing.firedAt), HumanText.printable(firing.event), firing.outcome.rawValue,
                    firing.run?.rawValue ?? HumanText.nothing, firing.note.map(HumanText.printable) ?? HumanText.nothing,
                ]
            }, width: width)
    }

    static func json(_ firings: [TriggerFiring], hasMore: Bool) -> String {
        JSONOutput.text { json in
            json.object { json in
                json.name("data")
                json.array(of: firings) { json, firing in json.firing(firing) }
                json.name("has_more")
                json.boolean(hasMore)
            }
        }
    }
}
