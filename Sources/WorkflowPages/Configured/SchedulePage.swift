public import WorkflowModel

/// A schedule and its coming ticks.
public struct ComingTicks: Sendable {
    public var schedule: Schedule
    /// nil where the zone's data is not there.
    public var ticks: [PreviewedTick]?

    public init(schedule: Schedule, ticks: [PreviewedTick]?) {
        self.schedule = schedule
        self.ticks = ticks
    }
}

/// When a configuration runs by itself, when it will, and what became of its ticks.
public struct SchedulePage: Page {
    public static let template = "schedule"
    /// Coming ticks of each schedule.
    public static let coming = 10
    /// Ticks of the past.
    public static let past = 50

    struct Coming: Sendable {
        var wall: String
        var utc: String
        var note: String?
    }

    struct Section: Sendable {
        var id: String
        var facts: [Fact]
        var isPaused: Bool
        var hasZone: Bool
        var hasComing: Bool
        var coming: [Coming]
    }

    struct Past: Sendable {
        var time: TimeText
        var schedule: String
        var outcome: String
        var tone: String
        var run: String?
        var runHref: String?
        var why: String?
    }

    public var title: String { "Schedule of \(name)" }
    public var section: WorkflowPages.Section? { .configured }

    var name: String
    var id: String
    var hasSchedules: Bool
    var schedules: [Section]
    var hasPast: Bool
    var past: [Past]
    var live: String?

    public init(_ version: ConfigurationVersion, coming: [ComingTicks], past ticks: [ScheduleTick]) {
        name = version.name
        id = version.configuration
        hasSchedules = !coming.isEmpty
        live = coming.isEmpty ? nil : PageAddress.schedule(version.configuration) + "/live"
        schedules = coming.map { each in
            Section(
                id: each.schedule.id, facts: Self.facts(of: each.schedule), isPaused: each.schedule.isPaused,
                hasZone: each.ticks != nil, hasComing: !(each.ticks ?? []).isEmpty,
                coming: (each.ticks ?? []).map {
                    Coming(
                        wall: Self.wall($0.wallTime), utc: Self.wall($0.instant.iso8601.replacing(".000Z", with: "Z")),
                        note: $0.note)
                })
        }
        hasPast = !ticks.isEmpty
        past = ticks.map { tick in
            Past(
                time: TimeText(tick.instant), schedule: tick.schedule, outcome: tick.outcome.rawValue,
                tone: Self.tone(tick.outcome), run: tick.run?.rawValue, runHref: tick.run.map { PageAddress.run($0) },
                why: tick.explanation)
        }
    }

    /// What of it changes: which ticks are to come, and what became of those that were.
    public func look(with pages: Pages) -> LiveLook {
        LiveLook(
            regions: [
                LiveRegion(id: "coming-ticks", html: pages.render(self, "coming_ticks")),
                LiveRegion(id: "past-ticks", html: pages.render(self, "past_ticks")),
            ], isFinal: !hasSchedules)
    }

    /// One line for a list.
    public static func words(_ schedules: [Schedule]) -> String? {
        guard !schedules.isEmpty else { return nil }
        return schedules.map { "\($0.cron.text) \($0.timeZone)\($0.isPaused ? " (paused)" : "")" }.joined(separator: ", ")
    }

    private static func facts(of schedule: Schedule) -> [Fact] {
        var facts = [
            Fact("Cron", schedule.cron.text, isCode: true), Fact("Time zone", schedule.timeZone),
            Fact("While a run goes on", overlap(schedule)), Fact("After an outage", catchUp(schedule)),
        ]
        if let mode = schedule.runMode { facts.append(Fact("Run mode", mode.rawValue)) }
        if let starts = schedule.starts { facts.append(Fact("From", starts.iso8601)) }
        if let ends = schedule.ends { facts.append(Fact("Until", ends.iso8601)) }
        if schedule.range == .period { facts.append(Fact("Range", "the time since the tick before")) }
        return facts
    }

    private static func overlap(_ schedule: Schedule) -> String {
        switch schedule.overlap {
        case .skip: "a tick is skipped"
        case .queue: "the newest tick waits"
        case .allow: "another one starts"
        }
    }

    private static func catchUp(_ schedule: Schedule) -> String {
        let what =
            switch schedule.catchUp {
            case .none: "what was late is missed"
            case .last: "one run stands for all that were late"
            case .all: "what was late runs, \(schedule.catchUpLimit) at most"
            }
        return what + (schedule.window.map { ", of the last \(RuntimeText.text($0))" } ?? "")
    }

    private static func wall(_ text: String) -> String {
        text.replacing("T", with: " ", maxReplacements: 1)
    }

    private static func tone(_ outcome: TickOutcome) -> String {
        switch outcome {
        case .started: "good"
        case .missed: "bad"
        case .waiting, .skipped, .merged: "quiet"
        }
    }
}
