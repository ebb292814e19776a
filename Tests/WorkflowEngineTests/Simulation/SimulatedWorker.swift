import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// A worker as the store sees it: a name, and what it believes to hold.
struct SimulatedWorker {
    struct Held {
        enum Phase: Equatable {
            case claimed
            case began
            case recording
            /// Decided, and perhaps reported: what is known is only that no answer came.
            case over(TaskEvent)
        }

        var claimed: ClaimedTask
        var definition: TaskDefinition
        var phase = Phase.claimed
        var reason: EndReason?

        var lease: Lease { claimed.lease }
    }

    let name: String
    var held: [Held] = []
}

extension Simulation {
    /// - Parameter isReliable: whether every answer arrives.
    func claim(by index: Int, isReliable: Bool = false) async throws {
        let claimed = try await store.claimTasksOfAllTenants(
            limit: random.number(in: 1...4), worker: workers[index].name, until: now + Self.leaseDuration, at: now)
        // When the answer is lost, nobody knows of these until their leases expire.
        let isLost = !isReliable && random.chance(0.12)
        for task in claimed {
            claims[task.lease.task, default: 0] += 1
            touched.append(task.lease.run)
            note("claim \(task.lease.task) \(task.lease.attempt) by \(workers[index].name)\(isLost ? ", unheard" : "")")
            guard let definition = definitions[task.version]?.first(where: { $0.id == task.definitionID }) else {
                observations.complain("a claimed task is in no configuration")
                continue
            }
            try await checkNeeds(of: definition, in: task.lease.run)
            if Set(task.inputs.keys) != Set(definition.needs) {
                observations.complain("\(task.lease.task) got the outputs of \(task.inputs.keys.sorted())")
            }
            if !isLost { workers[index].held.append(.init(claimed: task, definition: definition)) }
        }
        try await checkLimits(after: claimed)
    }

    /// One of the attempts that the worker holds goes on by one step.
    func work(_ index: Int, isReliable: Bool = false) async throws {
        guard !workers[index].held.isEmpty else { return }
        let place = random.number(in: 0...workers[index].held.count - 1)
        var held = workers[index].held.remove(at: place)
        switch held.phase {
        case .claimed where random.chance(0.85):
            if try await report(.began, of: &held, isReliable: isReliable) { held.phase = .began }
        case .began where random.chance(0.3):
            if try await report(.recording, of: &held, isReliable: isReliable) { held.phase = .recording }
        case .claimed, .began, .recording:
            let outcome = randomOutcome(of: &held)
            let decision = AttemptDecision(
                attempt: held.lease.attempt, definition: held.definition, now: now, random: random.fraction())
            // A lost lease: what was held is forgotten, and nothing is reported.
            guard let event = decision.event(for: outcome, toldToEnd: held.reason) else { return }
            held.phase = .over(event)
        case .over(let event):
            if try await report(event, of: &held, isReliable: isReliable) { return }
        }
        workers[index].held.append(held)
    }

    private func randomOutcome(of held: inout SimulatedWorker.Held) -> TaskOutcome {
        if held.reason == nil, held.definition.timeout != nil, random.chance(0.15) { held.reason = .timedOut }
        if held.reason == nil, random.chance(0.03) { held.reason = .shutDown }
        if held.reason != nil, random.chance(0.7) { return .stopped }
        // Nothing succeeds that has not begun.
        switch random.number(in: 0...9) {
        case 0: return .failed(.scripted(.customer))
        case 1...2: return .failed(.scripted(.platform), runID: "e-\(held.lease.attempt)")
        default:
            return held.phase == .claimed
                ? .failed(.scripted(.platform))
                : .succeeded(TaskOutput(values: JSONText(validated: "{\"left_by\":\"\(held.lease.task)\"}")))
        }
    }

    /// - Returns: whether an answer came.
    private func report(_ event: TaskEvent, of held: inout SimulatedWorker.Held, isReliable: Bool) async throws -> Bool {
        if !isReliable, random.chance(0.07) {
            note("\(event.kind) \(held.lease.task) \(held.lease.attempt) is lost")
            return false
        }
        let receipt = try await store.commit(event, under: held.lease, at: now)
        touched.append(held.lease.run)
        note("\(event.kind) \(held.lease.task) \(held.lease.attempt): \(receipt)")
        if event.endsAttempt { reported.append((held.lease, event)) }
        if !isReliable, random.chance(0.07) { return false }
        switch receipt {
        case .stale: held.reason = EndReason.leaseLost.after(held.reason)
        case .accepted(.stopping): held.reason = EndReason.stopRequested.after(held.reason)
        case .accepted: break
        }
        return true
    }

    func renew(_ index: Int) async throws {
        guard !workers[index].held.isEmpty, random.chance(0.9) else { return }
        let standings = try await store.renewLeases(workers[index].held.map(\.lease), until: now + Self.leaseDuration)
        note("renew \(workers[index].held.count) by \(workers[index].name)")
        for place in workers[index].held.indices {
            switch standings[workers[index].held[place].lease] {
            case .held?: break
            case .stopRequested?:
                workers[index].held[place].reason = EndReason.stopRequested.after(workers[index].held[place].reason)
            case .lost?: workers[index].held[place].reason = EndReason.leaseLost.after(workers[index].held[place].reason)
            case nil: observations.complain("the store says nothing of a lease that was to be renewed")
            }
        }
    }

    func rescue(by index: Int) async throws {
        for abandoned in try await store.abandonedTasksOfAllTenants(at: now, limit: 100) {
            guard !workers[index].held.contains(where: { $0.lease == abandoned.lease }) else { continue }
            try await rescue(abandoned, ifExpiredBy: now)
        }
    }

    func rescue(_ abandoned: AbandonedTask, ifExpiredBy expiry: Timestamp?) async throws {
        let definition = definitions[abandoned.version]?.first { $0.id == abandoned.definitionID }
        let event = AttemptDecision(
            attempt: abandoned.lease.attempt, definition: definition, now: now, random: random.fraction()
        ).eventAfterLosingWorker("The worker was lost.")
        let receipt = try await store.rescue(abandoned.lease, with: event, ifExpiredBy: expiry, at: now)
        touched.append(abandoned.lease.run)
        note("rescue \(abandoned.lease.task) \(abandoned.lease.attempt) from \(abandoned.worker): \(receipt)")
    }
}
