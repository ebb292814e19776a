import Testing
import WorkflowModel
import WorkflowTestKit

/// Random graphs with random legal events: the invariants hold after each step.
@Suite("Invariants of run progress")
struct RunProgressPropertyTests {
    @Test(.timeLimit(.minutes(10)), arguments: 0..<60)
    func everyRunKeepsItsPromises(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<4 {
            var walk = RandomRun(random: random)
            try walk.toTheEnd()
            random = walk.random
        }
    }
}

private struct RandomRun {
    var random: SeededRandom
    var run: RunFixture
    var wasStopped = false
    /// The failed tasks, in the order in which they failed.
    var failures: [String] = []
    /// Whether the last step was a person's decision.
    var isDecision = false
    /// The last report of each task, with its lease.
    var reports: [String: (event: TaskEvent, lease: Lease)] = [:]

    init(random: SeededRandom) {
        var random = random
        let count = Int.random(in: 1...10, using: &random)
        var tasks: [String] = []
        for index in 0..<count {
            let needs = (0..<index).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            let earlier = needs.filter { !tasks[$0].hasSuffix("skipped") }.map { "t\($0)" }
            if index > 0, Int.random(in: 0..<6, using: &random) == 0 {
                tasks.append("t\(index) skipped")
            } else {
                tasks.append("t\(index)" + (earlier.isEmpty ? "" : " needs " + earlier.joined(separator: " ")))
            }
        }
        run = RunFixture(tasks: tasks)
        self.random = random
    }

    mutating func toTheEnd() throws {
        var steps = 0
        try check(after: nil)
        while !run.progress.state.hasEnded {
            steps += 1
            #expect(steps < 2_000, "the run does not end")
            guard steps < 2_000 else { return }
            run.reload()
            let before = run.progress
            try step()
            try check(after: before)
        }
        try repeatWhatWasReported()
        #expect(run.progress.endedAt != nil)
        let states = run.progress.tasks.map(\.state)
        if wasStopped {
            #expect(run.progress.state == .canceled)
            #expect(run.progress.error == .manuallyStopped)
        } else if let firstFailure = failures.first {
            #expect(run.progress.state == .failed)
            #expect(run.progress.error?.message == "Task \(firstFailure): It failed")
        } else {
            #expect(run.progress.state == .succeeded)
            #expect(run.progress.error == nil)
            #expect(states.allSatisfy { $0 == .succeeded || $0 == .skipped })
        }
    }

    private mutating func step() throws {
        isDecision = false
        if Int.random(in: 0..<60, using: &random) == 0 {
            wasStopped = true
            return try run.progress.stop(at: run.now)
        }
        if Int.random(in: 0..<12, using: &random) == 0, try decide() { return }
        let tasks = run.progress.tasks.filter { $0.readyAt.map { $0 <= run.now } ?? false || $0.isHeld }
        // Retries are due within seconds and every step takes one, so that a task becomes ready soon.
        guard let task = tasks.randomElement(using: &random) else {
            #expect(run.progress.tasks.contains { $0.readyAt != nil }, "no event is possible: \(run.states)")
            return
        }
        guard task.isHeld else {
            #expect(
                task.needs.allSatisfy { need in
                    run.progress.tasks.contains { $0.definitionID == need && ($0.state == .succeeded || $0.resolution == .skip) }
                })
            return try run.progress.claim(task.id, at: run.now)
        }
        let lease = try run.lease(task.definitionID)
        if Int.random(in: 0..<10, using: &random) == 0 { return try reportUnderOldToken(lease) }
        let event = event(of: task)
        let receipt = try run.progress.commit(event, under: lease, at: run.now)
        #expect(receipt == .accepted(try run[task.definitionID].state))
        reports[task.definitionID] = (event, lease)
        if case .failed = event, try run[task.definitionID].state == .failed { failures.append(task.definitionID) }
    }

    /// A person settles a task that failed or waits for another attempt, or all that failed.
    /// - Returns: whether there was one.
    private mutating func decide() throws -> Bool {
        let candidates = run.progress.tasks.filter(\.state.canBeResolved)
        guard !wasStopped, let task = candidates.randomElement(using: &random) else { return false }
        let all = !failures.isEmpty && Int.random(in: 0..<4, using: &random) == 0
        let resolution = [Resolution.retry, .skip, .succeed].randomElement(using: &random) ?? .retry
        let order = ResolutionOrder(resolution, of: all ? .allFailed : .one(task.id), by: RunFixture.person, at: run.now)
        let old = try run.lease(task.definitionID)
        let settled = try run.progress.resolve(order).map { run.progress.tasks[$0].definitionID }
        #expect(Set(settled) == (all ? Set(failures) : [task.definitionID]))
        failures.removeAll { settled.contains($0) }
        for id in settled { reports[id] = nil }
        isDecision = true
        let after = run.progress
        if settled.contains(task.definitionID) {
            // The worker of the last attempt repeats its report, and learns that it is out of date.
            #expect(try run.progress.commit(.failed(RunFixture.platformError), under: old, at: run.now) == .stale)
            #expect(run.progress == after)
        }
        return true
    }

    private mutating func event(of task: TaskProgress) -> TaskEvent {
        let error = RunError(attribution: .platform, type: "weir.test/failed", message: "It failed")
        let again = TaskEvent.retrying(error, at: run.now + .seconds(Int.random(in: 0...3, using: &random)))
        var events: [TaskEvent] = [.failed(error)]
        if task.attempt < 4 { events.append(again) }
        switch task.state {
        case .started: events += [.began, .began, .began]
        case .running where Int.random(in: 0..<3, using: &random) == 0:
            let wait = TaskWait(
                for: .job, until: run.now + .seconds(Int.random(in: 0...3, using: &random)),
                needsCancel: Bool.random(using: &random),
                memo: JSONText(validated: "{}"))
            return .waiting(wait)
        case .running: events += [.recording, .succeeded(TaskOutput()), .succeeded(TaskOutput())]
        case .finalizing: events += [.succeeded(TaskOutput()), .succeeded(TaskOutput())]
        default: events += [.began, .recording, .stopped, .succeeded(TaskOutput())]
        }
        return events.randomElement(using: &random) ?? .failed(error)
    }

    private mutating func reportUnderOldToken(_ lease: Lease) throws {
        var old = lease
        old.token -= 1
        let before = run.progress
        #expect(try run.progress.commit(.succeeded(TaskOutput()), under: old, at: run.now) == .stale)
        #expect(run.progress == before)
    }

    /// The end of an attempt may be reported once more, and changes nothing.
    private mutating func repeatWhatWasReported() throws {
        run.reload()
        let before = run.progress
        for (event, lease) in reports.values where event.endsAttempt {
            let receipt = try run.progress.commit(event, under: lease, at: run.now)
            let task = try #require(before.tasks.first { $0.id == lease.task })
            guard task.token == lease.token else { continue }
            #expect(receipt == .accepted(task.state), "\(event) in \(task.state)")
        }
        try run.progress.stop(at: run.now)
        #expect(run.progress == before)
    }

    private func check(after before: RunProgress?) throws {
        let tasks = run.progress.tasks
        // A task that a person skipped lets its dependents run as one that succeeded does.
        let states = Dictionary(
            uniqueKeysWithValues: tasks.map { ($0.definitionID, $0.resolution == .skip ? TaskState.succeeded : $0.state) })
        for task in tasks {
            let needs = task.needs.compactMap { states[$0] }
            #expect((task.endedAt != nil) == task.state.hasEnded || task.state == .skipped)
            switch task.state {
            case .scheduled:
                #expect((task.readyAt != nil) == needs.allSatisfy { $0 == .succeeded }, "ready when all it needs succeeded")
                #expect(!needs.contains { $0 == .failed || $0 == .skipped }, "what can no longer run is skipped")
            case .inProgress: #expect(task.readyAt != nil)
            case .started, .running, .finalizing, .succeeded, .failed:
                #expect(task.readyAt == nil || (task.state == .running && task.wait != nil))
                #expect(needs.allSatisfy { $0 == .succeeded }, "dependents begin after success only")
            case .stopping, .canceled:
                #expect(wasStopped)
                #expect(task.readyAt == nil || (task.state == .stopping && task.wait?.needsCancel == true))
            case .skipped:
                #expect(task.readyAt == nil)
                #expect(task.resolution == .skip || task.needs.isEmpty || needs.contains { $0 == .failed || $0 == .skipped })
            }
        }
        #expect(run.progress.state.hasEnded == tasks.allSatisfy { $0.state.hasEnded })
        #expect((run.progress.endedAt != nil) == run.progress.state.hasEnded)
        guard let before else { return }
        for (index, (old, new)) in zip(before.tasks, tasks).enumerated() {
            if old.state.hasEnded, !isDecision { #expect(old == new, "what has ended never changes") }
            if old.state == .succeeded { #expect(old == new, "what succeeded never changes") }
            if old != new { #expect(run.progress.changedTasks.contains(index), "\(new.definitionID) has to be written") }
            #expect(new.token >= old.token && new.attempt >= old.attempt)
            if old.state != new.state { #expect(new.stateChangedAt == run.now) }
        }
        if before.state != run.progress.state || before.error != run.progress.error { #expect(run.progress.hasRunChanged) }
        let wasReady = Set(before.tasks.filter { $0.readyAt != nil }.map(\.id))
        if !Set(tasks.filter { $0.readyAt != nil }.map(\.id)).isSubset(of: wasReady) { #expect(run.progress.hasNewWork) }
    }
}
