import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// A worker as the store sees it: a name and the leases that it believes to hold.
struct SimulatedWorker {
    struct Held {
        enum Phase: Equatable {
            case claimed
            case began
            case recording
            /// Ended, and perhaps reported: no answer has arrived.
            case over(TaskEvent)
        }

        var claimed: ClaimedTask
        var definition: TaskDefinition
        var phase = Phase.claimed
        var reason: EndReason?
        /// By a monotonic clock, counted from before the claim or the renewal was sent.
        var leaseEnd: Duration
        /// The work was killed or never began.
        var isGone = false
        /// The clock was set forward since the last renewal, so that the lease expires earlier for the store than for the worker.
        var isDoubtful = false

        var lease: Lease { claimed.lease }

        /// Whether work on the task is running.
        var isExecuting: Bool {
            if case .over = phase { return false }
            return !isGone
        }
    }

    let name: String
    var held: [Held] = []
    /// Its connections hang: calls are not answered.
    var isCutOff = false
}

extension Simulation {
    /// - Parameter isReliable: whether every answer arrives.
    func claim(by index: Int, isReliable: Bool = false) async throws {
        guard isReliable || !workers[index].isCutOff else { return }
        let leaseEnd = elapsed + Self.leaseDuration
        let claimed = try await store.claimTasksOfAllTenants(
            TaskClaim(limit: random.number(in: 1...4), worker: workers[index].name, until: now + Self.leaseDuration), at: now)
        // After a lost answer these claims are unknown until their leases expire.
        let isLost = !isReliable && random.chance(0.12)
        for task in claimed { try checkNobodyElseExecutes(task.lease) }
        // An answer may take longer than the lease, while other workers continue.
        let isLate = !isReliable && !isLost && !claimed.isEmpty && random.chance(0.1)
        if isLate {
            note("the answer to the next claim is late")
            pass(.milliseconds(random.number(in: 0...60_000)))
            for other in workers.indices where other != index { try await rescueAndClaim(by: other) }
        }
        for task in claimed {
            if task.resumed == nil {
                claims[task.lease.task, default: 0] += 1
            } else {
                note("resume \(task.lease.task)")
            }
            touched.append(task.lease.run)
            note("claim \(task.lease.task) \(task.lease.attempt) by \(workers[index].name)\(isLost ? ", unheard" : "")")
            guard let definition = definitions[task.version]?.first(where: { $0.id == task.definitionID }) else {
                observations.complain("a claimed task is in no configuration")
                continue
            }
            checkNotStopped(task, as: definition)
            if definition.when.isClosing {
                try await checkClosing(task, as: definition, isLate: isLate)
            } else {
                try await checkNeeds(of: definition, in: task.lease.run)
                if Set(task.inputs.keys) != Set(definition.needs) {
                    observations.complain("\(task.lease.task) got the outputs of \(task.inputs.keys.sorted())")
                }
            }
            guard !isLost else { continue }
            workers[index].held.append(
                .init(
                    claimed: task, definition: definition, phase: task.resumed == nil ? .claimed : .began,
                    reason: task.resumed?.isStopping == true ? .stopRequested : nil, leaseEnd: leaseEnd))
            enforceLeaseEnds()
            if workers[index].held.last?.isExecuting == true { try checkNobodyElseExecutes(task.lease, but: workers[index].name) }
        }
        try await checkLimits(after: claimed)
    }

    /// One attempt of the worker advances by one step.
    func work(_ index: Int, isReliable: Bool = false) async throws {
        guard !workers[index].held.isEmpty else { return }
        let place = random.number(in: 0...workers[index].held.count - 1)
        var held = workers[index].held.remove(at: place)
        switch held.phase {
        // The work no longer runs.
        case .claimed where held.isGone, .began where held.isGone, .recording where held.isGone:
            let decision = AttemptDecision(
                attempt: held.lease.attempt, definition: held.definition, now: now, random: random.fraction(),
                wait: held.claimed.resumed?.wait)
            guard let event = decision.event(for: .stopped, toldToEnd: held.reason) else { return }
            held.phase = .over(event)
        case .claimed where random.chance(0.85):
            if try await report(.began, of: &held, by: workers[index].name, isReliable: isReliable) { held.phase = .began }
        case .began where random.chance(0.3):
            if try await report(.recording, of: &held, by: workers[index].name, isReliable: isReliable) { held.phase = .recording }
        case .claimed, .began, .recording:
            let outcome = try await callOutcome(of: held) ?? randomOutcome(of: &held)
            let decision = AttemptDecision(
                attempt: held.lease.attempt, definition: held.definition, now: now, random: random.fraction(),
                wait: held.claimed.resumed?.wait)
            // A lost lease: the attempt is forgotten and nothing is reported.
            guard let event = decision.event(for: outcome, toldToEnd: held.reason) else { return }
            held.phase = .over(event)
        case .over(let event):
            if try await report(event, of: &held, by: workers[index].name, isReliable: isReliable) { return }
        }
        workers[index].held.append(held)
    }

    private func randomOutcome(of held: inout SimulatedWorker.Held) -> TaskOutcome {
        if held.reason == nil, held.definition.timeout != nil, random.chance(0.15) { held.reason = .timedOut }
        if held.reason == nil, random.chance(0.03) { held.reason = .shutDown }
        if held.reason != nil, random.chance(0.7) { return .stopped }
        if held.phase == .began, held.definition.when == .success, random.chance(0.3) {
            let checks = (held.claimed.resumed?.wait.checks ?? 0) + 1
            return .waiting(
                TaskWait(
                    for: .job, until: now + .seconds(random.number(in: 0...30)), checks: checks, needsCancel: random.chance(0.5),
                    memo: JSONText(validated: "{}")))
        }
        // A task has to begin before it can succeed.
        switch random.number(in: 0...9) {
        case 0: return .failed(.scripted(.customer))
        case 1...2: return .failed(.scripted(.platform), runID: "e-\(held.lease.attempt)")
        default:
            return held.phase == .claimed
                ? .failed(.scripted(.platform))
                : .succeeded(TaskOutput(values: JSONText(validated: "{\"left_by\":\"\(held.lease.task)\"}")))
        }
    }

    /// - Returns: whether an answer arrived.
    private func report(
        _ event: TaskEvent, of held: inout SimulatedWorker.Held, by worker: String, isReliable: Bool
    ) async throws -> Bool {
        let isCutOff = workers.contains { $0.isCutOff && $0.name == worker }
        if !isReliable, isCutOff || random.chance(0.07) {
            note("\(event.kind) \(held.lease.task) \(held.lease.attempt) is lost")
            return false
        }
        let receipt = try await store.commit(event, under: held.lease, at: now)
        touched.append(held.lease.run)
        note("\(event.kind) \(held.lease.task) \(held.lease.attempt): \(receipt)")
        if event.endsLease { reported.append((held.lease, event)) }
        if !isReliable, random.chance(0.07) { return false }
        switch receipt {
        case .stale: held.reason = EndReason.leaseLost.after(held.reason)
        case .accepted(.stopping): held.reason = EndReason.stopRequested.after(held.reason)
        case .accepted: break
        }
        return true
    }

    func renew(_ index: Int) async throws {
        guard !workers[index].held.isEmpty, !workers[index].isCutOff, random.chance(0.9) else { return }
        let leaseEnd = elapsed + Self.leaseDuration
        let statuses = try await store.renewLeases(workers[index].held.map(\.lease), until: now + Self.leaseDuration)
        note("renew \(workers[index].held.count) by \(workers[index].name)")
        // The answer may be late or lost.
        if random.chance(0.15) { pass(.milliseconds(random.number(in: 0...20_000))) }
        if random.chance(0.05) { return }
        for place in workers[index].held.indices {
            switch statuses[workers[index].held[place].lease] {
            case .held?: workers[index].held[place].renew(until: leaseEnd)
            case .stopRequested?:
                workers[index].held[place].renew(until: leaseEnd)
                workers[index].held[place].reason = EndReason.stopRequested.after(workers[index].held[place].reason)
            case .lost?: workers[index].held[place].reason = EndReason.leaseLost.after(workers[index].held[place].reason)
            case nil: observations.complain("the store has no status for a renewed lease")
            }
        }
    }

    private func rescueAndClaim(by index: Int) async throws {
        try await rescue(by: index)
        guard !workers[index].isCutOff else { return }
        try await claim(by: index, isReliable: true)
    }

    func rescue(by index: Int) async throws {
        guard !workers[index].isCutOff else { return }
        for abandoned in try await store.expiredLeasesOfAllTenants(at: now, limit: 100) {
            guard !workers[index].held.contains(where: { $0.lease == abandoned.lease }) else { continue }
            try await rescue(abandoned, ifExpiredBy: now)
        }
    }

    func rescue(_ abandoned: LeasedTask, ifExpiredBy expiry: Timestamp?) async throws {
        let definition = definitions[abandoned.version]?.first { $0.id == abandoned.definitionID }
        let event = AttemptDecision(
            attempt: abandoned.lease.attempt, definition: definition, now: now, random: random.fraction()
        ).eventAfterLosingWorker("The worker was lost.")
        let receipt = try await store.endLostAttempt(LostAttempt(abandoned.lease, with: event, ifExpiredBy: expiry), at: now)
        touched.append(abandoned.lease.run)
        note("rescue \(abandoned.lease.task) \(abandoned.lease.attempt) from \(abandoned.worker): \(receipt)")
    }
}

extension SimulatedWorker.Held {
    fileprivate mutating func renew(until end: Duration) {
        leaseEnd = end
        isDoubtful = false
    }
}

// Two workers must never work on one task at the same time, even when one of them cannot reach the store.
extension Simulation {
    /// Fires the timers of all workers up to now.
    func enforceLeaseEnds() {
        for index in workers.indices {
            for place in workers[index].held.indices where workers[index].held[place].isExecuting {
                let (lease, grace) = (workers[index].held[place].leaseEnd, workers[index].held[place].definition.grace)
                guard elapsed >= Self.settings.termination(before: lease, grace: grace) else { continue }
                let before = workers[index].held[place].reason
                workers[index].held[place].reason = EndReason.cutOff.after(before)
                if elapsed >= Self.settings.kill(before: lease) {
                    workers[index].held[place].isGone = true
                    note("kill \(workers[index].held[place].lease.task) by \(workers[index].name)")
                }
            }
        }
    }

    private func checkNobodyElseExecutes(_ lease: Lease, but name: String? = nil) throws {
        for worker in workers where worker.name != name {
            for held in worker.held where held.lease.task == lease.task && held.isExecuting && !held.isDoubtful {
                observations.complain("\(lease.task) was claimed while \(worker.name) worked on attempt \(held.lease.attempt)")
            }
        }
    }
}
