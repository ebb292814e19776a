import WorkflowAPI
import WorkflowModel

/// The output of `weir schedule history`.
enum TickPrinter {
    static func table(_ ticks: [ScheduleTick], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "scheduled for"), .init(title: "schedule", fit: .shortened, leaves: 1), .init(title: "outcome"),
                .init(title: "run"),
                .init(title: "reason", fit: .wrapped),
            ],
            rows: ticks.map { tick in
                [
                    HumanText.time(tick.instant), tick.schedule, tick.outcome.rawValue, tick.run?.rawValue ?? HumanText.nothing,
                    tick.explanation ?? HumanText.nothing,
                ]
            }, width: width)
    }

    static func json(_ ticks: [ScheduleTick], hasMore: Bool) -> String {
        JSONOutput.text { json in
            json.object { json in
                json.name("data")
                json.array(of: ticks) { json, tick in json.tick(tick) }
                json.name("has_more")
                json.boolean(hasMore)
            }
        }
    }
}
