import WorkflowAPI
import WorkflowModel
import WorkflowOperations

/// Tables of schedules and ticks.
enum ScheduleTables {
    static func text(_ forecasts: [ScheduleForecast], width: Int?) -> String {
        let pause = forecasts.first?.pause.map { [HumanText.pause($0)] } ?? []
        return (pause + forecasts.map { text($0, width: width) }).joined(separator: "\n\n")
    }

    private static func text(_ forecast: ScheduleForecast, width: Int?) -> String {
        let paused = forecast.isPaused ? ", paused" : ""
        let head = HumanText.printable("\(forecast.id): \(forecast.cron) in \(forecast.timeZone)\(paused)")
        guard !forecast.ticks.isEmpty else { return "\(head)\nNo further ticks." }
        let table = TextTable(
            [.init(title: "local time"), .init(title: "utc"), .init(title: "note", fit: .wrapped)],
            rows: forecast.ticks.map { tick in
                [localTime(tick.wallTime), tick.fires ? HumanText.time(tick.instant) : HumanText.nothing, tick.remarks ?? ""]
            }, width: width)
        return "\(head)\n\(table.text())"
    }

    /// `2027-03-14 03:00:00 -07:00`
    static func localTime(_ text: String) -> String {
        "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) \(text.dropFirst(19))"
    }

    static func ticks(_ report: BackfillReport, width: Int?) -> TextTable {
        TextTable(
            [.init(title: "tick"), .init(title: "outcome"), .init(title: "run"), .init(title: "state")],
            rows: report.ticks.map { tick in
                [
                    HumanText.time(tick.instant), words(tick.outcome, isDryRun: report.isDryRun),
                    tick.run?.rawValue ?? HumanText.nothing,
                    tick.state?.label ?? HumanText.nothing,
                ]
            }, width: width)
    }

    private static func words(_ outcome: BackfillAnswer.Outcome, isDryRun: Bool) -> String {
        switch outcome {
        case .started: isDryRun ? "would start" : "started"
        case .startedAgain: isDryRun ? "would start again" : "started again"
        case .alreadyStarted: "had a run"
        case .underWay: "under way"
        case .waiting: "waiting"
        }
    }
}
