import WorkflowAPI
import WorkflowModel

/// Ticks of schedules as people and programs see them.
enum TickPrinter {
    static func table(_ ticks: [ScheduleTick], width: Int?) -> TextTable {
        TextTable(
            [
                .init(title: "scheduled for"), .init(title: "schedule"), .init(title: "outcome"), .init(title: "run"),
                .init(title: "why", isFlexible: true),
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
