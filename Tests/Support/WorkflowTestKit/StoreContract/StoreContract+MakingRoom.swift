import Testing
import WorkflowModel

extension StoreContract {
    private static let down = RunError(attribution: .platform, type: "test/down", message: "Down")

    /// A resource of one unit, with one task that holds it and one that waits for it.
    private static func queue(_ bench: StoreBench) async throws -> (holder: Lease, waiting: RunID) {
        try await bench.own(1)
        try await bench.start([StoreBench.task("holder", uses: StoreBench.warehouse)], configuration: "cg-1")
        let waiting = try await bench.start(
            [StoreBench.task("waiting", uses: StoreBench.warehouse)], configuration: "cg-2", at: StoreBench.after(1))
        let claimed = try await bench.claimAll(at: StoreBench.after(1))
        #expect(claimed.map(\.definitionID) == ["holder"])
        return (try #require(claimed.first).lease, waiting)
    }

    private static func expectNext(
        _ bench: StoreBench, _ ids: [String] = ["waiting"], at now: Timestamp = StoreBench.after(5),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(try await bench.claimAll(at: now).map(\.definitionID) == ids, sourceLocation: sourceLocation)
        try await bench.expectNothingWrong(at: now, sourceLocation: sourceLocation)
    }

    /// Every release of a slot admits the next task.
    static let makingRoom: [Rule] = [
        Rule("A failed task releases its units") { bench in
            let (holder, _) = try await queue(bench)
            _ = try await bench.store.commit(.failed(down), under: holder, at: StoreBench.after(5))
            try await expectNext(bench)
        },
        Rule("A task that waits for a retry releases its units and then queues behind the others") { bench in
            let (holder, waiting) = try await queue(bench)
            _ = try await bench.store.commit(.retrying(down, at: StoreBench.after(9)), under: holder, at: StoreBench.after(5))
            try await expectNext(bench)
            try await expectNext(bench, [], at: StoreBench.after(10))
            _ = try await bench.store.stopRun(waiting, of: StoreBench.acme, at: StoreBench.after(11))
            try await expectNext(bench, [], at: StoreBench.after(11))
            let leases = try await bench.store.leasesOfAllTenants(notHeldBy: "nobody").map(\.lease)
            _ = try await bench.store.commit(.stopped, under: try #require(leases.first), at: StoreBench.after(12))
            try await expectNext(bench, ["holder"], at: StoreBench.after(12))
        },
        Rule("A rescued task releases its units") { bench in
            let (holder, _) = try await queue(bench)
            try await expectNext(bench, [], at: StoreBench.after(100))
            let event = TaskEvent.failed(.workerLost("Gone."))
            _ = try await bench.store.endLostAttempt(
                LostAttempt(holder, with: event, ifExpiredBy: StoreBench.after(100)), at: StoreBench.after(100))
            try await expectNext(bench, at: StoreBench.after(100))
        },
        Rule("A stopped run leaves the queue") { bench in
            let (holder, waiting) = try await queue(bench)
            try await bench.start(
                [StoreBench.task("third", uses: StoreBench.warehouse)], configuration: "cg-3", at: StoreBench.after(2))
            try await expectNext(bench, [])
            #expect(
                try await bench.store.stopRun(waiting, of: StoreBench.acme, at: StoreBench.after(5))?.run.state == .canceled)
            try await expectNext(bench, [])
            try await bench.succeed(holder, at: StoreBench.after(6))
            try await expectNext(bench, ["third"], at: StoreBench.after(6))
        },
        Rule("Stopping a large request admits the tasks behind it") { bench in
            try await bench.own(2)
            try await bench.start([StoreBench.task("holder", uses: StoreBench.warehouse)], configuration: "cg-1")
            #expect(try await bench.claimAll().count == 1)
            let big = try await bench.start(
                [StoreBench.task("big", uses: ["warehouse": 2])], configuration: "cg-2", at: StoreBench.after(1))
            try await bench.start(
                [StoreBench.task("waiting", uses: StoreBench.warehouse)], configuration: "cg-3", at: StoreBench.after(2))
            try await expectNext(bench, [])
            _ = try await bench.store.stopRun(big, of: StoreBench.acme, at: StoreBench.after(6))
            try await expectNext(bench, at: StoreBench.after(6))
        },
        Rule("A larger resource admits more tasks, and a removed one limits none") { bench in
            _ = try await queue(bench)
            try await bench.own(2)
            try await expectNext(bench)
            for number in 0..<3 {
                try await bench.start(
                    [StoreBench.task("more", uses: StoreBench.warehouse)], configuration: "cg-more-\(number)",
                    at: StoreBench.after(6))
            }
            try await expectNext(bench, [], at: StoreBench.after(6))
            try await bench.own(nil)
            try await expectNext(bench, ["more", "more", "more"], at: StoreBench.after(6))
        },
        Rule("A task that needs more than the resource has waits without blocking others") { bench in
            try await bench.own(2)
            try await bench.start([StoreBench.task("much", uses: ["warehouse": 3])], configuration: "cg-1")
            try await bench.start(
                [StoreBench.task("little", uses: StoreBench.warehouse)], configuration: "cg-2", at: StoreBench.after(1))
            try await expectNext(bench, ["little"])
            try await bench.own(3)
            try await expectNext(bench, [])
            let little = try await bench.store.leasesOfAllTenants(notHeldBy: "nobody").map(\.lease)
            try await bench.succeed(try #require(little.first), at: StoreBench.after(6))
            try await expectNext(bench, ["much"], at: StoreBench.after(6))
        },
        Rule("A new version's concurrency applies immediately, and a deleted configuration has no limit") { bench in
            for second in 0..<4 { try await bench.start(concurrency: 1, at: StoreBench.after(Double(second))) }
            try await expectNext(bench, ["only"])
            try await bench.start(concurrency: 2, at: StoreBench.after(4))
            try await expectNext(bench, ["only"])
            #expect(try await bench.store.deleteConfiguration("cg-daily", of: StoreBench.acme, at: StoreBench.after(5)))
            try await expectNext(bench, ["only", "only", "only"])
        },
        Rule("A released slot is signalled") { bench in
            let (holder, _) = try await queue(bench)
            var signals = bench.store.signals().makeAsyncIterator()
            try await bench.succeed(holder, at: StoreBench.after(5))
            #expect(await signals.next() == .work)
        },
    ]
}
