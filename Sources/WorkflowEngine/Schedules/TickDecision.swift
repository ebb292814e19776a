package import WorkflowModel

/// Decides about all ticks of a configuration up to now: a function of how far it has come, what its versions say, and the time.
package struct TickDecision: Sendable {
    package private(set) var decidedUntil: Timestamp
    /// When to look again; nil for never.
    package private(set) var wakeAt: Timestamp?
    package private(set) var waitsForRun = false
    /// Whether there will be nothing to decide any more.
    package private(set) var isOver = false
    /// New ones, and those that waited and got another outcome. What started has no run yet; what was skipped or waits because of
    /// a run that starts in this very decision names none, either.
    package private(set) var ticks: [ScheduleTick] = []

    /// - Parameter versions: all that the standing names.
    package init(
        _ standing: ScheduleStanding, versions: [ConfigurationVersionID: ReadSchedules], now: Timestamp,
        limit: Int = SchedulerLimits.ticksAtOnce
    ) {
        let due = DueTicks(standing, versions: versions, now: now, limit: limit)
        decidedUntil = due.isWhole ? max(now, standing.decidedUntil) : due.horizon
        let current = standing.currentVersion.flatMap { versions[$0] }
        let ids = Set(due.instants.keys).union(standing.waiting.map(\.schedule)).union(current?.schedules.map(\.schedule.id) ?? [])
        for id in ids.sorted() {
            let instants = due.instants[id] ?? []
            let waiting = standing.waiting.filter { $0.schedule == id }
            guard let current, let zoned = current[id] else {
                ticks += instants.map { Self.tick(of: standing, id, at: $0, .missed, .removed, now) }
                ticks += waiting.map { $0.decided(.missed, .removed, at: now) }
                continue
            }
            var line = ScheduleLine(
                standing: standing, zoned: zoned, canRun: current.canRun(zoned.schedule), now: now,
                newest: due.isWhole ? standing.newestTick(of: id, versions: versions, now: now) : nil, isWhole: due.isWhole)
            line.decide(instants, waiting: waiting)
            ticks += line.ticks
            waitsForRun = waitsForRun || line.waitsForRun
            let next = zoned.schedule.tick(after: max(now, decidedUntil), in: zoned.zone)
            wakeAt = [wakeAt, line.nextStart, next].compactMap(\.self).min()
        }
        // A version that was current by a clock that was set back since has ticks to come.
        let ends = standing.stretches.compactMap(\.end).filter { $0 > decidedUntil }
        wakeAt = ([wakeAt].compactMap(\.self) + ends).min()
        if !due.isWhole { wakeAt = now }
        isOver = current == nil && due.isWhole && ends.isEmpty
    }

    fileprivate static func tick(
        of standing: ScheduleStanding, _ schedule: String, at instant: Timestamp, _ outcome: TickOutcome, _ reason: TickReason?,
        _ now: Timestamp
    ) -> ScheduleTick {
        ScheduleTick(
            tenant: standing.tenant, configuration: standing.configuration, schedule: schedule, instant: instant,
            outcome: outcome, reason: reason, decidedAt: now)
    }
}

/// The instants of a configuration that have no row yet, by schedule, up to now or up to as many as are decided at once.
private struct DueTicks {
    var instants: [String: [Timestamp]] = [:]
    var isWhole: Bool
    /// How far they reach.
    var horizon: Timestamp

    init(_ standing: ScheduleStanding, versions: [ConfigurationVersionID: ReadSchedules], now: Timestamp, limit: Int) {
        // By a clock that was set back, two versions may have been current at once.
        var places: Set<TickPlace> = []
        horizon = now
        for stretch in standing.stretches {
            let start = max(standing.decidedUntil, stretch.begin)
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
        for place in found where place.instant <= horizon && !standing.decidedAhead.contains(place) {
            instants[place.schedule, default: []].append(place.instant)
        }
    }
}

extension ScheduleStanding {
    /// The last undecided tick of a schedule by now, whichever version says so.
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

/// One schedule's ticks in their order, and what becomes of each.
private struct ScheduleLine {
    let standing: ScheduleStanding
    let zoned: ZonedSchedule
    let canRun: Bool
    let now: Timestamp
    /// The newest tick there is by now: what stands for all that were late. nil in a decision that does not reach so far.
    let newest: Timestamp?
    let isWhole: Bool
    private(set) var ticks: [ScheduleTick] = []
    private(set) var waitsForRun = false
    /// When one that waits for its time may start.
    private(set) var nextStart: Timestamp?

    /// What still goes; something that starts here counts, too, and has no name yet.
    private var isGoing = false
    private var going: RunID?

    init(
        standing: ScheduleStanding, zoned: ZonedSchedule, canRun: Bool, now: Timestamp, newest: Timestamp?, isWhole: Bool
    ) {
        self.standing = standing
        self.zoned = zoned
        self.canRun = canRun
        self.now = now
        self.newest = newest
        self.isWhole = isWhole
        going = standing.going.first { $0.schedule == zoned.schedule.id }?.run
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
        // What is on time goes before what waits anyway, and would else be skipped.
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

    /// Tells what is on time from what is late, and what of that is made up for.
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
        // What stands for the late ones of a decision that did not reach up to now.
        late = backlog.filter { $0.dueAt == nil } + late
        backlog.removeAll { $0.dueAt == nil }
        merge(late, ready: &ready)
    }

    /// Has the newest tick stand for all that were late. In a decision that does not reach up to now, the last of them stands for
    /// the others and waits for the decision that does.
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
        // What the others were about is what the one that stands for them is about.
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

    /// Starts what was late and is due: one after the other, unless runs may overlap, and never all at once.
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
        var tick = TickDecision.tick(of: standing, schedule.id, at: instant, outcome, reason, now)
        tick.periodFrom = schedule.period(endingAt: instant, in: zoned.zone)?.from
        return tick
    }
}

extension ScheduleTick {
    /// The same tick with what became of it.
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
