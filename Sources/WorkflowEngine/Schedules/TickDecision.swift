package import WorkflowModel

/// Decides all ticks of a configuration up to now. A pure function of the progress, the configuration versions and the time.
package struct TickDecision: Sendable {
    package private(set) var decidedUntil: Timestamp
    /// When to decide again; nil for never.
    package private(set) var wakeAt: Timestamp?
    package private(set) var waitsForRun = false
    /// Whether no further decision can follow.
    package private(set) var isOver = false
    /// New ticks, and waiting ticks whose outcome changed. A started tick has no run yet; neither has a tick that was skipped or waits
    /// because of a run that starts in this decision.
    package private(set) var ticks: [ScheduleTick] = []

    /// - Parameter versions: all versions that the progress names.
    package init(
        _ scheduleProgress: ScheduleProgress, versions: [ConfigurationVersionID: ReadSchedules], now: Timestamp,
        limit: Int = SchedulerLimits.ticksAtOnce
    ) {
        let due = DueTicks(scheduleProgress, versions: versions, now: now, limit: limit)
        decidedUntil = due.isWhole ? max(now, scheduleProgress.decidedUntil) : due.horizon
        let current = scheduleProgress.currentVersion.flatMap { versions[$0] }
        let ids = Set(due.instants.keys).union(scheduleProgress.waiting.map(\.schedule)).union(
            current?.schedules.map(\.schedule.id) ?? [])
        for id in ids.sorted() {
            var instants = due.instants[id] ?? []
            var waiting = scheduleProgress.waiting.filter { $0.schedule == id }
            // Also before the end of a pause that is over by now: when no node decided meanwhile, the pause counts all the same.
            if let pause = scheduleProgress.pause {
                ticks += scheduleProgress.skipped(instants, waiting, of: current?[id], id, by: pause, at: now)
                instants.removeAll { pause.skips($0) }
                waiting.removeAll { pause.skips($0.instant) }
            }
            guard let current, let zoned = current[id] else {
                ticks += instants.map { Self.tick(of: scheduleProgress, id, at: $0, .missed, .removed, now) }
                ticks += waiting.map { $0.decided(.missed, .removed, at: now) }
                continue
            }
            var line = ScheduleLine(
                scheduleProgress: scheduleProgress, zoned: zoned, canRun: current.canRun(zoned.schedule), now: now,
                newest: due.isWhole ? scheduleProgress.newestTick(of: id, versions: versions, now: now) : nil, isWhole: due.isWhole)
            line.decide(instants, waiting: waiting)
            ticks += line.ticks
            waitsForRun = waitsForRun || line.waitsForRun
            let next = zoned.schedule.tick(after: max(now, decidedUntil), in: zoned.zone)
            wakeAt = [wakeAt, line.nextStart, next].compactMap(\.self).min()
        }
        // If the clock was set back, a version that was current by the old clock still has ticks to come.
        let ends = scheduleProgress.stretches.compactMap(\.end).filter { $0 > decidedUntil }
        wakeAt = ([wakeAt].compactMap(\.self) + ends).min()
        if !due.isWhole { wakeAt = now }
        isOver = current == nil && due.isWhole && ends.isEmpty
    }

    fileprivate static func tick(
        of scheduleProgress: ScheduleProgress, _ schedule: String, at instant: Timestamp, _ outcome: TickOutcome,
        _ reason: TickReason?,
        _ now: Timestamp
    ) -> ScheduleTick {
        ScheduleTick(
            tenant: scheduleProgress.tenant, configuration: scheduleProgress.configuration, schedule: schedule, instant: instant,
            outcome: outcome, reason: reason, decidedAt: now)
    }
}

/// The undecided instants of a configuration, by schedule, up to now or up to the limit of one decision.
private struct DueTicks {
    var instants: [String: [Timestamp]] = [:]
    var isWhole: Bool
    /// The instants are complete up to this one.
    var horizon: Timestamp

    init(_ scheduleProgress: ScheduleProgress, versions: [ConfigurationVersionID: ReadSchedules], now: Timestamp, limit: Int) {
        // If the clock was set back, two versions may have been current at the same time.
        var places: Set<TickPlace> = []
        horizon = now
        for stretch in scheduleProgress.stretches {
            let start = max(scheduleProgress.decidedUntil, stretch.begin)
            let end = min(now, stretch.end ?? now)
            guard start < end, let read = versions[stretch.version] else { continue }
            for zoned in read.schedules {
                let ticks = zoned.schedule.ticks(after: start, through: end, in: zoned.zone, limit: limit)
                if ticks.count == limit, let last = ticks.last { horizon = min(horizon, last) }
                places.formUnion(ticks.map { TickPlace(schedule: zoned.schedule.id, instant: $0) })
            }
        }
        let found = places.sorted()
        if found.count > limit { horizon = min(horizon, found[limit - 1].instant) }
        isWhole = horizon == now
        for place in found where place.instant <= horizon && !scheduleProgress.decidedAhead.contains(place) {
            instants[place.schedule, default: []].append(place.instant)
        }
    }
}

extension ScheduleProgress {
    /// The last undecided tick of a schedule up to now, in any version.
    fileprivate func newestTick(
        of id: String, versions: [ConfigurationVersionID: ReadSchedules], now: Timestamp
    ) -> Timestamp? {
        for stretch in stretches.reversed() {
            guard let zoned = versions[stretch.version]?[id] else { continue }
            let instant = zoned.schedule.tick(
                before: min(now, stretch.end ?? now) + .milliseconds(1), from: max(decidedUntil, stretch.begin) + .milliseconds(1),
                in: zoned.zone)
            if let instant { return instant }
        }
        return nil
    }
}

extension ScheduleProgress {
    /// The due and the waiting ticks of a schedule that a pause of the workflow skips.
    /// - Parameter zoned: the schedule; nil when the current version has it no longer.
    fileprivate func skipped(
        _ instants: [Timestamp], _ waiting: [ScheduleTick], of zoned: ZonedSchedule?, _ id: String, by pause: WorkflowPause,
        at now: Timestamp
    ) -> [ScheduleTick] {
        let due = instants.map { instant in
            var tick = TickDecision.tick(of: self, id, at: instant, .skipped, .paused, now)
            tick.periodFrom = zoned.flatMap { $0.schedule.period(endingAt: instant, in: $0.zone)?.from }
            return tick
        }
        return (waiting.map { $0.decided(.skipped, .paused, at: now) } + due).filter { pause.skips($0.instant) }.map { tick in
            var tick = tick
            tick.note = pause.tickNote
            tick.run = nil
            return tick
        }
    }
}

/// The ticks of one schedule in order, and the outcome of each.
private struct ScheduleLine {
    let scheduleProgress: ScheduleProgress
    let zoned: ZonedSchedule
    let canRun: Bool
    let now: Timestamp
    /// The newest tick up to now: all late ticks are merged into it. nil in a decision that does not reach up to now.
    let newest: Timestamp?
    let isWhole: Bool
    private(set) var ticks: [ScheduleTick] = []
    private(set) var waitsForRun = false
    /// When the next tick that waits for its time may start.
    private(set) var nextStart: Timestamp?

    /// Whether a run of this schedule is active, including one that starts in this decision and has no id yet.
    private var isGoing = false
    private var going: RunID?

    init(
        scheduleProgress: ScheduleProgress, zoned: ZonedSchedule, canRun: Bool, now: Timestamp, newest: Timestamp?, isWhole: Bool
    ) {
        self.scheduleProgress = scheduleProgress
        self.zoned = zoned
        self.canRun = canRun
        self.now = now
        self.newest = newest
        self.isWhole = isWhole
        going = scheduleProgress.going.first { $0.schedule == zoned.schedule.id }?.run
        isGoing = going != nil
    }

    private var schedule: Schedule { zoned.schedule }

    mutating func decide(_ instants: [Timestamp], waiting: [ScheduleTick]) {
        if schedule.isPaused || !canRun {
            let (outcome, reason): (TickOutcome, TickReason) = schedule.isPaused ? (.skipped, .paused) : (.missed, .nothingToRun)
            ticks += waiting.map { $0.decided(outcome, reason, at: now) }
            ticks += instants.map { tick($0, outcome, reason) }
            return
        }
        var queued = waiting.filter { $0.reason == .overlap }.last
        var backlog = waiting.filter { $0.reason != .overlap }
        var ready: [ScheduleTick] = []
        sort(instants, ready: &ready, backlog: &backlog)
        // Ticks on time take precedence: after a queued or late tick has started, they would be skipped.
        for tick in ready { take(tick, queued: &queued) }
        if let tick = queued {
            if isGoing, schedule.overlap != .allow {
                waitsForRun = true
            } else {
                start(tick)
            }
        }
        work(off: backlog, known: Set(waiting.map(\.instant)))
    }

    /// Separates ticks on time from late ones, and selects the late ones to catch up.
    private mutating func sort(_ instants: [Timestamp], ready: inout [ScheduleTick], backlog: inout [ScheduleTick]) {
        var late: [ScheduleTick] = []
        for instant in instants {
            let age = now - instant
            if age <= SchedulerLimits.grace {
                ready.append(tick(instant, .started, nil))
            } else if let window = schedule.window, age > window {
                ticks.append(tick(instant, .missed, .window))
            } else {
                switch schedule.catchUp {
                case .none: ticks.append(tick(instant, .missed, .late))
                case .all: backlog.append(tick(instant, .waiting, .catchUp))
                case .last: late.append(tick(instant, .started, .catchUp))
                }
            }
        }
        guard schedule.catchUp == .last else { return }
        // Ticks into which an earlier decision merged late ones, because it did not reach up to now.
        late = backlog.filter { $0.dueAt == nil } + late
        backlog.removeAll { $0.dueAt == nil }
        merge(late, ready: &ready)
    }

    /// Merges all late ticks into the newest one. In a decision that does not reach up to now, the last late tick stands for the
    /// others and waits for the decision that does.
    private mutating func merge(_ late: [ScheduleTick], ready: inout [ScheduleTick]) {
        guard let last = late.last else { return }
        let target = max(newest ?? last.instant, last.instant)
        for tick in late where tick.instant < target {
            var merged = tick.decided(.merged, .catchUp, at: now)
            merged.mergedInto = target
            merged.periodFrom = nil
            ticks.append(merged)
        }
        if last.instant == target {
            let outcome: TickOutcome = isWhole ? .started : .waiting
            ready.append(last.decided(outcome, .catchUp, at: now))
        }
        // The merged tick covers the periods of all ticks that it stands for.
        guard let place = ready.firstIndex(where: { $0.instant == target }) else { return }
        let periodFrom = late.compactMap(\.periodFrom).min()
        ready[place].periodFrom = ready[place].periodFrom.map { min($0, periodFrom ?? $0) }
        if !isWhole { ticks.append(ready.remove(at: place)) }
    }

    private mutating func take(_ tick: ScheduleTick, queued: inout ScheduleTick?) {
        switch schedule.overlap {
        case .allow: start(tick)
        case .skip:
            guard isGoing else { return start(tick) }
            var skipped = tick.decided(.skipped, .overlap, at: now)
            skipped.run = going
            ticks.append(skipped)
        case .queue:
            var tick = tick
            if let former = queued {
                var superseded = former.decided(.merged, .superseded, at: now)
                superseded.mergedInto = tick.instant
                superseded.run = nil
                superseded.periodFrom = nil
                ticks.removeAll { $0.instant == former.instant }
                ticks.append(superseded)
                tick.periodFrom = tick.periodFrom.map { min($0, former.periodFrom ?? $0) }
                queued = nil
            }
            guard isGoing else { return start(tick) }
            var waiting = tick.decided(.waiting, .overlap, at: now)
            waiting.run = going
            ticks.append(waiting)
            queued = waiting
        }
    }

    /// Starts late ticks that are due: one after the other unless runs may overlap, and never all at the same time.
    private mutating func work(off backlog: [ScheduleTick], known: Set<Timestamp>) {
        let kept = backlog.suffix(schedule.catchUpLimit)
        ticks += backlog.dropLast(kept.count).map { $0.decided(.missed, .limit, at: now) }
        var due = backlog.compactMap(\.dueAt).max().map { $0 + SchedulerLimits.catchUpSpacing } ?? now
        for tick in kept {
            var tick = tick
            if tick.dueAt == nil {
                tick.dueAt = max(due, now)
                due = max(due, now) + SchedulerLimits.catchUpSpacing
            }
            let isDue = tick.dueAt.map { $0 <= now } ?? true
            if isDue, !isGoing || schedule.overlap == .allow {
                start(tick)
            } else {
                if !known.contains(tick.instant) { ticks.append(tick) }
                if isGoing, schedule.overlap != .allow {
                    waitsForRun = true
                } else {
                    nextStart = [nextStart, tick.dueAt].compactMap(\.self).min()
                }
            }
        }
    }

    private mutating func start(_ tick: ScheduleTick) {
        let started = tick.decided(.started, tick.reason == .catchUp ? .catchUp : nil, at: now)
        ticks.removeAll { $0.instant == tick.instant }
        ticks.append(started)
        isGoing = true
    }

    private func tick(_ instant: Timestamp, _ outcome: TickOutcome, _ reason: TickReason?) -> ScheduleTick {
        var tick = TickDecision.tick(of: scheduleProgress, schedule.id, at: instant, outcome, reason, now)
        tick.periodFrom = schedule.period(endingAt: instant, in: zoned.zone)?.from
        return tick
    }
}

extension ScheduleTick {
    /// The same tick with its outcome.
    fileprivate func decided(_ outcome: TickOutcome, _ reason: TickReason?, at now: Timestamp) -> ScheduleTick {
        var tick = self
        tick.outcome = outcome
        tick.reason = reason
        tick.decidedAt = now
        if outcome != .waiting { tick.dueAt = nil }
        if outcome == .started { tick.run = nil }
        return tick
    }
}
