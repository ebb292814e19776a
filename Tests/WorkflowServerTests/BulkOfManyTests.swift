import Logging
import PostgresStore
import PostgresTestKit
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowOperations
import WorkflowTestKit

/// Bulk operations on thousands of runs, on both stores.
@Suite("Bulk operations on many runs", .timeLimit(.minutes(10)))
struct BulkOfManyTests {
    enum Store: String, CaseIterable, Sendable {
        case sqlite, postgres

        /// Runs that a test acts on: fewer on PostgreSQL, whose transactions take longer.
        var runs: Int { self == .sqlite ? 20_000 : 5_000 }
    }

    /// A store with nodes whose clock the test advances.
    private struct Bench: Sendable {
        let store: any WorkflowStore
        let clock = TestClock(now: StoreBench.after(3_600))
        let random = SeededRandom(seed: 11)

        func node() -> BulkWork {
            BulkWork(
                store: store, ownsStoreAlone: false, time: clock, random: random,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        }

        /// Creates an operation on all runs, at the highest rate.
        func request(_ action: BulkAction, total: Int) async throws -> BulkID {
            let operation = BulkOperation(
                id: BulkID(at: clock.now, using: random), tenant: StoreBench.acme, action: action, selection: .filter(RunFilter()),
                createdBefore: clock.now, perSecond: BulkLimits.rates.upperBound, requestedBy: StoreBench.someone,
                requestedAt: clock.now, total: total)
            try #require(try await store.createBulkOperation(operation))
            return operation.id
        }

        func operation(_ id: BulkID) async throws -> BulkOperation {
            try #require(try await store.bulkOperation(id, of: StoreBench.acme))
        }

        func receipts(of id: BulkID) async throws -> [BulkReceipt] {
            var query = BulkReceiptQuery(of: id, tenant: StoreBench.acme, limit: BulkLimits.page.upperBound)
            var all: [BulkReceipt] = []
            while true {
                let page = try #require(try await store.bulkReceipts(matching: query))
                all += page.receipts
                guard let next = page.next else { return all }
                query.place = next
            }
        }

        /// Starts runs, many at the same time.
        func start(_ count: Int) async throws {
            let bench = StoreBench(store)
            _ = try await bench.plan()
            let version = try #require(try await store.configuration("cg-daily", of: StoreBench.acme))
            let configuration = WorkflowConfiguration(
                id: "cg-daily", name: "Daily", type: "test.daily/run",
                stages: [Stage(name: "Everything", tasks: [StoreBench.task("only")])])
            let starters = 20
            try await withThrowingDiscardingTaskGroup { group in
                for starter in 0..<starters {
                    group.addTask {
                        for number in stride(from: starter, to: count, by: starters) {
                            let plan = try RunPlan(
                                configuration, version: version, for: RunRequest(principal: StoreBench.someone),
                                at: StoreBench.start + .milliseconds(number), random: random)
                            _ = try await store.createRun(plan, once: nil)
                        }
                    }
                }
            }
        }
    }

    private func with(_ store: Store, _ body: @Sendable (Bench) async throws -> Void) async throws {
        switch store {
        case .sqlite: try await withEmbeddedStore { try await body(Bench(store: $0)) }
        case .postgres: try await TestDatabase.withStore { try await body(Bench(store: $0)) }
        }
    }

    @Test(
        "thousands of queued runs are stopped while workers claim them: all end, and none runs after its receipt",
        arguments: Store.allCases)
    func stopping(store: Store) async throws {
        try await with(store) { bench in
            let count = store.runs
            try await bench.start(count)
            let id = try await bench.request(.stop(reason: "enough"), total: count)
            let claims = Watched<[(run: RunID, receipts: Int)]>([])
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask {
                    let node = bench.node()
                    while try await bench.operation(id).state == .running {
                        _ = try await node.takeTurns()
                        bench.clock.advance(by: .seconds(1))
                    }
                }
                for worker in 0..<2 {
                    group.addTask {
                        while true {
                            // Receipts that were written before the claim.
                            let receipts = try await bench.operation(id).counts.receipts
                            let now = bench.clock.now
                            let claim = TaskClaim(limit: 8, worker: "w\(worker)", until: now + .seconds(3_600))
                            let claimed = try await bench.store.claimTasksOfAllTenants(claim, at: now)
                            // All runs were there from the beginning.
                            guard !claimed.isEmpty else { return }
                            for task in claimed {
                                claims.change { $0.append((task.lease.run, receipts)) }
                                _ = try await bench.store.commit(
                                    [.began, .succeeded(TaskOutput(values: nil))], under: task.lease, at: now)
                            }
                        }
                    }
                }
            }
            let receipts = try await bench.receipts(of: id)
            #expect(receipts.count == count && receipts.allSatisfy { $0.result.outcome != .refused })
            let numbers = Dictionary(uniqueKeysWithValues: receipts.map { ($0.run, $0.number) })
            let early = claims.value.filter { numbers[$0.run] ?? 0 <= $0.receipts }
            #expect(early.isEmpty, "\(early.count) runs were claimed after their receipts")
            #expect(!claims.value.isEmpty && receipts.contains { $0.result.outcome == .done })
            var going = RunFilter()
            going.states = Set(RunState.allCases.filter { !$0.hasEnded })
            #expect(try await bench.store.runs(matching: RunQuery(tenant: StoreBench.acme, filter: going)).runs.isEmpty)
            #expect(try await bench.store.checkOfAllTenants(repairing: false, at: bench.clock.now).isEmpty)
        }
    }

    @Test("an abort in the middle of thousands of runs leaves the others as they are", arguments: Store.allCases)
    func aborting(store: Store) async throws {
        try await with(store) { bench in
            let imported = RunHistory(store.runs, random: SeededRandom(seed: 3)).imported
            for begin in stride(from: 0, to: imported.count, by: 5_000) {
                _ = try await bench.store.importRuns(Array(imported[begin..<begin + 5_000]), into: StoreBench.acme)
            }
            let label = try #require(RunLabel("cause:disk"))
            let id = try await bench.request(.label(LabelChange(set: RunLabels([label]))), total: imported.count)
            let nodes = [bench.node(), bench.node()]
            let progress = Watched(0)
            // A node is in the middle of its next turn when the abort comes.
            let aborted = try await withThrowingTaskGroup(of: Void.self) { group in
                for node in nodes {
                    group.addTask {
                        while try await bench.operation(id).state == .running {
                            _ = try await node.takeTurns()
                            bench.clock.advance(by: .seconds(1))
                            let receipts = try await bench.operation(id).counts.receipts
                            progress.change { $0 = receipts }
                        }
                    }
                }
                await progress.until { $0 >= 2_000 }
                let aborted = try await bench.store.abortBulkOperation(
                    id, of: StoreBench.acme, by: StoreBench.someone, at: bench.clock.now)
                try await group.waitForAll()
                return aborted
            }
            let operation = try #require(aborted)
            #expect(operation.state == .aborted && operation.counts.receipts < imported.count)
            #expect(try await bench.operation(id) == operation)
            let receipts = try await bench.receipts(of: id)
            #expect(receipts.map(\.number) == Array(1...operation.counts.done))
            let labeled = try RunFilter.reading([.label: "cause:disk"])
            #expect(try await StoreBench(bench.store).total(labeled) == operation.counts.done)
        }
    }
}
