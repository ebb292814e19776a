import Testing
import WorkflowModel

extension StoreContract {
    private static let fault = RunError(
        attribution: .customer, type: "weir.task.command/exit", message: "exited with 3",
        data: JSONText(validated: #"{"exit_code":3}"#))

    static let committing: [Rule] = [
        Rule("A task passes through its states, and so does the run") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            #expect(try await bench.store.commit(.began, under: lease, at: StoreBench.after(1)) == .accepted(.running))
            #expect(try await bench.details(id).run.state == .inProgress)
            #expect(try await bench.store.commit(.recording, under: lease, at: StoreBench.after(2)) == .accepted(.finalizing))
            let output = TaskOutput(values: nil, runID: "engine-9")
            #expect(
                try await bench.store.commit(.succeeded(output), under: lease, at: StoreBench.after(3)) == .accepted(.succeeded))
            let task = try await bench.details(id).tasks[0]
            #expect(task.state == .succeeded)
            #expect(task.stateChangedAt == StoreBench.after(3))
            #expect(task.endedAt == StoreBench.after(3))
            #expect(task.engineRunID == "engine-9")
        },
        Rule("A failure skips the dependents, lets the other tasks end, and then fails the run with its first error") { bench in
            let id = try await bench.start([
                StoreBench.task("a"), StoreBench.task("b"), StoreBench.task("c", needs: ["a"]), StoreBench.task("d", needs: ["c"]),
            ])
            let claimed = try await bench.claim()
            _ = try await bench.store.commit(.began, under: claimed[0].lease, at: StoreBench.start)
            let receipt = try await bench.store.commit(
                .failed(fault, runID: "x"), under: claimed[0].lease, at: StoreBench.after(1))
            #expect(receipt == .accepted(.failed))
            var details = try await bench.details(id)
            #expect(details.run.state == .runningWithFailures)
            #expect(details.run.endedAt == nil)
            #expect(details.tasks.map(\.state) == [.failed, .started, .skipped, .skipped])
            #expect(details.tasks[0].error == fault)
            #expect(details.tasks[0].engineRunID == "x")
            try await bench.succeed(claimed[1].lease, at: StoreBench.after(2))
            details = try await bench.details(id)
            #expect(details.run.state == .failed)
            #expect(details.run.endedAt == StoreBench.after(2))
            #expect(details.run.error?.type == fault.type)
            #expect(details.run.error?.data == fault.data)
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.outcome) == [.failed, .succeeded])
            #expect(attempts.map(\.error) == [fault, nil])
        },
        Rule("A retry waits for its delay; the next attempt has a higher token") { bench in
            let id = try await bench.start()
            let first = try await bench.claimOne()
            let event = TaskEvent.retrying(fault, at: StoreBench.after(10))
            #expect(try await bench.store.commit(event, under: first, at: StoreBench.after(1)) == .accepted(.inProgress))
            let waiting = try await bench.details(id).tasks[0]
            #expect(waiting.state == .inProgress)
            #expect(waiting.error == fault)
            #expect(waiting.endedAt == nil)
            #expect(try await bench.claim(at: StoreBench.after(9.999)).isEmpty)
            let second = try await bench.claimOne(at: StoreBench.after(10))
            #expect(second.attempt == 2)
            #expect(second.token > first.token)
            try await bench.succeed(second, at: StoreBench.after(11))
            let details = try await bench.details(id)
            #expect(details.run.state == .succeeded)
            #expect(details.tasks[0].attempts == 2)
            #expect(details.tasks[0].error == nil)
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.number) == [1, 2])
            #expect(attempts.map(\.outcome) == [.failed, .succeeded])
            #expect(attempts.map(\.startedAt) == [StoreBench.start, StoreBench.after(10)])
            #expect(attempts.map(\.endedAt) == [StoreBench.after(1), StoreBench.after(11)])
        },
        Rule("A stale lease changes nothing") { bench in
            let id = try await bench.start()
            let old = try await bench.claimOne()
            _ = try await bench.store.commit(.retrying(fault, at: StoreBench.after(1)), under: old, at: StoreBench.after(1))
            let held = try await bench.claimOne(at: StoreBench.after(1))
            var future = held
            future.token += 1
            var elsewhere = held
            elsewhere.tenant = StoreBench.globex
            var nowhere = held
            nowhere.run = RunID(rawValue: "wf-nowhere")
            let before = try await bench.details(id)
            let events: [TaskEvent] = [
                .began, .recording, .succeeded(TaskOutput()), .failed(fault), .retrying(fault, at: StoreBench.after(9)), .stopped,
            ]
            for lease in [old, future, elsewhere, nowhere] {
                for event in events {
                    #expect(try await bench.store.commit(event, under: lease, at: StoreBench.after(2)) == .stale)
                }
                try await bench.store.appendOutput(OutputChunk(offset: 0, bytes: [1]), under: lease, keepingLast: 10)
            }
            #expect(try await bench.details(id) == before)
            let output = try await bench.store.output(
                TaskOutputQuery(of: held.task, in: id, tenant: StoreBench.acme, attempt: nil, from: 0, limit: 10))
            #expect(output?.bytes == [])
            #expect(try await bench.store.attempts(of: id, tenant: StoreBench.acme).map(\.outcome) == [.failed, nil])
        },
        Rule("A repeated commit is accepted and changes nothing") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b")])
            let claimed = try await bench.claim()
            let done = TaskEvent.succeeded(TaskOutput(values: JSONText(validated: "{}")))
            let steps: [(Lease, TaskEvent, TaskState)] = [
                (claimed[0].lease, .began, .running), (claimed[0].lease, done, .succeeded),
                (claimed[1].lease, .retrying(fault, at: StoreBench.after(5)), .inProgress),
            ]
            for (lease, event, state) in steps {
                #expect(try await bench.store.commit(event, under: lease, at: StoreBench.after(1)) == .accepted(state))
                let before = try await bench.details(id)
                #expect(try await bench.store.commit(event, under: lease, at: StoreBench.after(2)) == .accepted(state))
                #expect(try await bench.details(id) == before)
            }
            let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
            #expect(attempts.map(\.endedAt) == [StoreBench.after(1), StoreBench.after(1)])
            // A different outcome than the recorded one is rejected.
            #expect(try await bench.store.commit(.failed(fault), under: claimed[0].lease, at: StoreBench.after(3)) == .stale)
        },
        Rule("Events committed together have the same effect as one after the other") { bench in
            let left = TaskEvent.succeeded(TaskOutput(values: JSONText(validated: #"{"rows":3}"#), runID: "engine-9"))
            let sequences: [([TaskEvent], TaskState)] = [
                ([.began, left], .succeeded), ([.began, .recording, left], .succeeded), ([.began, .recording], .finalizing),
                ([.began, .failed(fault)], .failed), ([.began, .retrying(fault, at: StoreBench.after(9))], .inProgress),
            ]
            for (events, state) in sequences {
                var told: [ToldRun] = []
                for isTogether in [false, true] {
                    let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
                    let lease = try await bench.claimOne()
                    for part in isTogether ? [events] : events.map({ [$0] }) {
                        let receipt = try await bench.store.commit(part, under: lease, at: StoreBench.after(1))
                        if part.last == events.last { #expect(receipt == .accepted(state)) }
                    }
                    told.append(try await ToldRun(id, of: bench))
                    #expect(try await bench.store.commit(events, under: lease, at: StoreBench.after(2)) == .accepted(state))
                    #expect(try await ToldRun(id, of: bench) == told.last)
                }
                #expect(told[0] == told[1])
                #expect(told[0].states[0] == state)
            }
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: StoreBench.after(3)).isEmpty)
        },
        Rule("A task stopped before its first report is canceled by its last one") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            _ = try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(1))
            let events = [TaskEvent.began, .succeeded(TaskOutput())]
            #expect(try await bench.store.commit(events, under: lease, at: StoreBench.after(2)) == .accepted(.canceled))
            #expect(try await bench.details(id).run.state == .canceled)
        },
        Rule("An illegal event throws and changes nothing") { bench in
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            let before = try await bench.details(id)
            await #expect(throws: IllegalTransition.self) {
                try await bench.store.commit(.recording, under: lease, at: StoreBench.after(1))
            }
            #expect(try await bench.details(id) == before)
            try await bench.succeed(lease)
        },
        Rule("Concurrent commits all count") { bench in
            let id = try await bench.start((1...40).map { StoreBench.task("t\($0)") })
            let claimed = try await bench.claim(40)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in claimed { group.addTask { try await bench.succeed(task.lease) } }
                try await group.waitForAll()
            }
            #expect(try await bench.details(id).run.state == .succeeded)
        },
    ]
}

/// The state of a run after its reports.
private struct ToldRun: Hashable {
    var run: RunState
    var endedAt: Timestamp?
    var error: RunError?
    var states: [TaskState]
    var changedAt: [Timestamp]
    var engineRunIDs: [String?]
    var attempts: [TaskState?]
    var attemptsEndedAt: [Timestamp?]

    init(_ id: RunID, of bench: StoreBench) async throws {
        let details = try await bench.details(id)
        run = details.run.state
        endedAt = details.run.endedAt
        error = details.run.error
        states = details.tasks.map(\.state)
        changedAt = details.tasks.map(\.stateChangedAt)
        engineRunIDs = details.tasks.map(\.engineRunID)
        let attempts = try await bench.store.attempts(of: id, tenant: StoreBench.acme)
        self.attempts = attempts.map(\.outcome)
        attemptsEndedAt = attempts.map(\.endedAt)
    }
}
