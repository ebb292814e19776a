public import WorkflowModel

/// A schedule and its coming ticks.
public struct ComingTicks: Sendable {
    public var schedule: Schedule
    /// nil when the data of the time zone is missing.
    public var ticks: [PreviewedTick]?

    public init(schedule: Schedule, ticks: [PreviewedTick]?) {
        self.schedule = schedule
        self.ticks = ticks
    }
}

/// The schedules of a configuration, their coming ticks and the outcome of past ticks.
public struct SchedulePage: LivePage {
    public static let template = "schedule"
    /// Coming ticks listed for each schedule.
    public static let coming = 10
    /// Past ticks listed, and events of triggers.
    public static let past = 50

    struct Coming: Sendable {
        var time: TimeText
        var wall: String
        var zone: String
        var note: String?
    }

    struct Section: Sendable {
        var id: String
        var zone: String
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

    public var title: String { heading }
    public var section: WorkflowPages.Section? { .configured }

    var heading: String
    var id: String
    var workflowHref: String
    /// nil without the right to start runs.
    var runHref: String?
    /// nil without the right to change the definition.
    var editHref: String?
    /// nil when the workflow is not paused.
    var pause: PauseNote?
    /// nil without the right to pause.
    var pauseHref: String?
    var pauseLabel: String
    /// nil without the right to resume, and when it is not paused.
    var resumeHref: String?
    var hasSchedules: Bool
    var hasTriggers: Bool
    var schedules: [Section]
    /// Whether ticks are a matter of the workflow: it has a schedule, or had one.
    var hasTicks: Bool
    var hasPast: Bool
    var past: [Past]
    /// nil without triggers and events of them.
    var triggers: TriggerSection?
    public var live: String?

    public init(
        _ version: ConfigurationVersion, coming: [ComingTicks], past ticks: [ScheduleTick], triggers: [WorkflowTrigger] = [],
        firings: [TriggerFiring] = [], pause: WorkflowPause? = nil, for visitor: Visitor
    ) {
        let subject =
            switch (coming.isEmpty, triggers.isEmpty) {
            case (_, true): "Schedule"
            case (true, false): "Triggers"
            case (false, false): "Schedule and triggers"
            }
        heading = "\(subject) of \(version.name.visible())"
        runHref = visitor.canOperate ? PageAddress.startForm(version.configuration) : nil
        editHref = visitor.canAdministrate ? PageAddress.edit(version.configuration) : nil
        id = version.configuration
        workflowHref = PageAddress.workflow(id)
        self.pause = pause.map { PauseNote($0) }
        pauseHref = visitor.canOperate ? PageAddress.pause(id) : nil
        pauseLabel = pause == nil ? "Pause" : "Change pause"
        resumeHref = visitor.canOperate && pause != nil ? PageAddress.resume(id) : nil
        hasSchedules = !coming.isEmpty
        hasTriggers = !triggers.isEmpty
        hasTicks = !coming.isEmpty || !ticks.isEmpty
        self.triggers =
            triggers.isEmpty && firings.isEmpty
            ? nil : TriggerSection(triggers, of: version.configuration, firings: firings, tenant: visitor.tenant)
        live = coming.isEmpty && triggers.isEmpty ? nil : PageAddress.schedule(version.configuration) + "/live"
        schedules = coming.map { each in
            Section(
                id: each.schedule.id, zone: each.schedule.timeZone, facts: Self.facts(of: each.schedule),
                isPaused: each.schedule.isPaused,
                hasZone: each.ticks != nil, hasComing: !(each.ticks ?? []).isEmpty,
                coming: (each.ticks ?? []).map {
                    Coming(
                        time: TimeText($0.instant), wall: Self.wall($0.wallTime), zone: each.schedule.timeZone, note: $0.remarks)
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

    /// The regions that change: the pause, coming ticks, the outcome of past ticks, and events of triggers.
    public func look(with pages: Pages) -> LiveLook {
        LiveLook(
            regions: [
                LiveRegion(id: "schedule-actions", html: pages.render(self, "schedule_actions")),
                LiveRegion(id: "schedule-pause", html: pages.render(self, "schedule_pause")),
                LiveRegion(id: "coming-ticks", html: pages.render(self, "coming_ticks")),
                LiveRegion(id: "past-ticks", html: pages.render(self, "past_ticks")),
                LiveRegion(id: "triggers", html: pages.render(self, "triggers")),
            ], isFinal: live == nil)
    }

    /// One line for a list of workflows.
    public static func words(_ schedules: [Schedule]) -> String? {
        guard !schedules.isEmpty else { return nil }
        return schedules.map { CronWords.text($0) + ($0.isPaused ? " (paused)" : "") }.joined(separator: "; ")
    }

    /// One line for a list of workflows.
    public static func words(_ triggers: [WorkflowTrigger]) -> String? {
        guard !triggers.isEmpty else { return nil }
        return triggers.map { trigger in
            switch trigger.event {
            case .after(let ending): "after \(ending.configuration.visible())"
            case .webhook(let webhook): "webhook \(webhook.name)"
            }
        }.joined(separator: "; ")
    }

    private static func facts(of schedule: Schedule) -> [Fact] {
        var facts = [
            Fact("Runs", CronWords.text(schedule)), Fact("Cron", schedule.cron.text, isCode: true),
            Fact("Time zone", schedule.timeZone),
            Fact("While a run is in progress", overlap(schedule)), Fact("After an outage", catchUp(schedule)),
        ]
        if let mode = schedule.runMode { facts.append(Fact("Run mode", mode.rawValue)) }
        if let starts = schedule.starts { facts.append(Fact("From", starts)) }
        if let ends = schedule.ends { facts.append(Fact("Until", ends)) }
        if schedule.range == .period { facts.append(Fact("Range", "the time since the previous tick")) }
        return facts
    }

    private static func overlap(_ schedule: Schedule) -> String {
        switch schedule.overlap {
        case .skip: "ticks are skipped"
        case .queue: "the newest tick waits"
        case .allow: "another run starts"
        }
    }

    private static func catchUp(_ schedule: Schedule) -> String {
        let what =
            switch schedule.catchUp {
            case .none: "late ticks are missed"
            case .last: "one run for all late ticks"
            case .all: "a run for each late tick, at most \(schedule.catchUpLimit)"
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
