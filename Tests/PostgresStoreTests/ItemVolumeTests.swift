import PostgresTestKit
import StoreCore
import Testing
import VolumeKit
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite("Many items", .timeLimit(.minutes(10)))
struct ItemVolumeTests {
    /// The benchmark drives 100 runs with 1,000 items each in the same way.
    @Test(
        "over many runs: each runs once, the counts are exact, and every run ends as it has to",
        arguments: [
            ItemVolume(runs: 10, groups: 10, items: 10, parallel: 3, failing: 4),
            ItemVolume(runs: 1, groups: 1, items: 1_000),
        ])
    func everyItemRunsOnce(volume: ItemVolume) async throws {
        try await TestDatabase.withStore { store in
            let runs = try await volume.start(
                in: store, of: StoreBench.acme, at: StoreBench.start, random: SeededRandom(seed: 5))
            let complaints = try await volume.drive(runs, in: store, of: StoreBench.acme, from: StoreBench.start)
            #expect(complaints.isEmpty)
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.after(60)).isEmpty)
        }
    }

    @Test("in one run cost a commit of one of them, and a claim, no more rows than few", arguments: [nil, 4])
    func workOfACommit(parallel: Int?) async throws {
        let few = try await Self.rows(ItemVolume(runs: 1, groups: 10, items: 40, parallel: parallel))
        let many = try await Self.rows(ItemVolume(runs: 1, groups: 10, items: 1_000, parallel: parallel))
        // Eleven tasks, the item, and its changes; of a claim, four tasks.
        #expect(few.dropLast().allSatisfy { $0 > 12 } && few.allSatisfy { $0 > 4 })
        #expect(zip(many, few).allSatisfy { $0 <= $1 + 2 }, "\(many) and \(few)")
    }

    /// Rows that the ends of a few items read and write.
    private static func rows(_ volume: ItemVolume) async throws -> [Int] {
        try await TestDatabase.withStore { store in
            _ = try await volume.start(in: store, of: StoreBench.acme, at: StoreBench.start, random: SeededRandom(seed: 5))
            let claim = TaskClaim(limit: 24, worker: "worker", until: StoreBench.after(60))
            var rows: [Int] = []
            for (place, task) in try await store.claimTasksOfAllTenants(claim, at: StoreBench.start).enumerated() {
                rows.append(try await store.rows(ofEnding: task.lease, asFailed: place % 5 == 4))
            }
            rows.append(try await store.rowsOfTaking())
            return rows
        }
    }
}

extension PostgresConnection {
    /// Rows that the transaction has read and written.
    fileprivate func rowsSoFar() throws -> Int {
        try row(
            """
            SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd + n_tup_del)::bigint
            FROM pg_stat_xact_user_tables
            """
        ) { try $0.next(Int.self) } ?? 0
    }
}

extension PostgresStore {
    /// Rows that finding the tasks of a claim reads and writes.
    fileprivate func rowsOfTaking() async throws -> Int {
        try await write { database in
            let before = try database.rowsSoFar()
            #expect(try database.takeReadyTasks(at: StoreBench.after(2), limit: 4).count == 4)
            return try database.rowsSoFar() - before
        }
    }

    /// Rows of tables that the end of an item reads and writes.
    fileprivate func rows(ofEnding lease: Lease, asFailed fails: Bool) async throws -> Int {
        try await write { database in
            let before = try database.rowsSoFar()
            var signals: Set<StoreSignal> = []
            let error = RunError(attribution: .customer, type: "test/bad", message: "A bad item")
            let events = [TaskEvent.began, fails ? .failed(error) : .succeeded(TaskOutput())]
            try database.lockItems(besides: lease, whenFailing: events)
            let receipt = try database.commit(events, under: lease, at: StoreBench.after(1), signals: &signals)
            #expect(receipt == .accepted(fails ? .failed : .succeeded))
            return try database.rowsSoFar() - before
        }
    }
}
