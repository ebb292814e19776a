import Testing
import WorkflowModel

extension StoreContract {
    /// The clock is set back during operation.
    static let clocks: [Rule] = [
        Rule("Times recorded in a run never decrease, even when the clock is set back") { bench in
            let error = RunError(attribution: .platform, type: "test/failed", message: "No")
            let ids = try await [
                bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])]), bench.start(), bench.start(),
            ]
            let leases = try await bench.claim(at: StoreBench.after(3_600)).map(\.lease)
            #expect(leases.count == 3)
            let (back, later) = (StoreBench.after(60), StoreBench.after(61))
            for lease in leases { #expect(try await bench.store.commit(.began, under: lease, at: back) == .accepted(.running)) }
            for lease in leases {
                let event: TaskEvent = lease.run == ids[1] ? .failed(error) : .succeeded(TaskOutput())
                if lease.run != ids[2] { _ = try await bench.store.commit(event, under: lease, at: back) }
            }
            // Release uses the current clock, not the earlier one.
            let second = try await bench.claimOne(at: later)
            #expect(second.run == ids[0])
            try await bench.succeed(second, at: later)
            _ = try await bench.store.stopRun(ids[2], of: StoreBench.acme, at: later)
            if let stopping = leases.first(where: { $0.run == ids[2] }) {
                _ = try await bench.store.commit(.stopped, under: stopping, at: later)
            }
            for id in ids {
                let details = try await bench.details(id)
                #expect(details.run.endedAt == StoreBench.after(3_600))
                for task in details.tasks {
                    let ended = try #require(task.endedAt)
                    #expect(ended == StoreBench.after(3_600) && task.stateChangedAt == ended && task.createdAt <= ended)
                }
                for attempt in try await bench.store.attempts(of: id, tenant: StoreBench.acme) {
                    #expect(try #require(attempt.endedAt) >= attempt.startedAt)
                }
            }
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: later) == [])
        },
        Rule("A run never ends before its creation, even when the clock is set back") { bench in
            try await bench.store.createReceiver(StoreBench.receiver("ops", on: [.stopped]))
            let id = try await bench.start(at: StoreBench.after(3_600))
            let stopped = try #require(try await bench.store.stopRun(id, of: StoreBench.acme, at: StoreBench.after(5)))
            #expect(stopped.run.state == .canceled && stopped.run.endedAt == StoreBench.after(3_600))
            // Receivers are notified immediately nevertheless.
            let claimed = try #require(try await bench.claimAlerts(at: StoreBench.after(5)).first)
            #expect(claimed.alert.occurredAt == StoreBench.after(3_600))
            try await bench.store.report(.delivered("Answered 204."), of: claimed, at: StoreBench.after(6))
            #expect(try await bench.alerts().first?.lastAttemptAt == StoreBench.after(3_600))
        },
        Rule("Keys and receivers are never used, rotated or disabled before their creation") { bench in
            let made = StoreBench.after(3_600)
            try await bench.store.createKey(
                APIKey(
                    id: "key-1", tenant: StoreBench.acme, name: "k", policy: .viewer, createdAt: made,
                    secretHash: Array(repeating: 1, count: 32)))
            try await bench.store.recordKeyUses(["key-1": StoreBench.start])
            let key = try #require(
                try await bench.store.rotateKey(
                    "key-1", secretHash: Array(repeating: 2, count: 32), at: StoreBench.start))
            #expect(key.lastUsedAt == made && key.rotatedAt == made)
            var receiver = StoreBench.receiver("ops")
            receiver.createdAt = made
            try await bench.store.createReceiver(receiver)
            let rotated = try await bench.store.changeReceiver(
                ReceiverUpdate("ops", of: StoreBench.acme, .rotated([8])), at: StoreBench.start)
            #expect(rotated?.rotatedAt == made)
            let disabled = try await bench.store.changeReceiver(
                ReceiverUpdate("ops", of: StoreBench.acme, .disabled("Said 410.")), at: StoreBench.start)
            #expect(disabled?.disabledAt == made)
        },
    ]
}
