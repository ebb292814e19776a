import GRDB
import GRDBSQLite
import SQLiteTestKit
import StoreCore
import Testing
import VolumeKit
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite("Many items", .timeLimit(.minutes(10)))
struct ItemVolumeTests {
    /// The benchmark drives 100 runs with 1,000 items each in the same way.
    @Test(
        "over many runs: each runs once, the counts are exact, and every run ends as it has to",
        arguments: [
            ItemVolume(runs: 20, groups: 10, items: 10, parallel: 3, failing: 4),
            ItemVolume(runs: 2, groups: 1, items: 1_000, failing: 2),
        ])
    func everyItemRunsOnce(volume: ItemVolume) async throws {
        try await withEmbeddedStore { store in
            let runs = try await volume.start(
                in: store, of: StoreBench.acme, at: StoreBench.start, random: SeededRandom(seed: 5))
            let complaints = try await volume.drive(runs, in: store, of: StoreBench.acme, from: StoreBench.start)
            #expect(complaints.isEmpty)
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.after(60)).isEmpty)
        }
    }

    @Test("in one run cost a commit of one of them no more work than few", arguments: [nil, 4])
    func workOfACommit(parallel: Int?) async throws {
        let few = try await Self.work(ItemVolume(runs: 1, groups: 10, items: 40, parallel: parallel))
        let many = try await Self.work(ItemVolume(runs: 1, groups: 10, items: 1_000, parallel: parallel))
        #expect(few.allSatisfy { $0.statements > 3 && $0.steps > 100 })
        #expect(many.map(\.statements) == few.map(\.statements))
        // The same instructions: only digits of numbers differ.
        #expect(zip(many, few).allSatisfy { $0.steps <= $1.steps + 16 }, "\(many) and \(few)")
    }

    fileprivate struct Work {
        var statements: Int
        var steps: Int
    }

    /// That of the ends of a few items in the middle of each group.
    private static func work(_ volume: ItemVolume) async throws -> [Work] {
        try await withEmbeddedStore { store in
            _ = try await volume.start(in: store, of: StoreBench.acme, at: StoreBench.start, random: SeededRandom(seed: 5))
            let claim = TaskClaim(limit: 24, worker: "worker", until: StoreBench.after(60))
            var work: [Work] = []
            for task in try await store.claimTasksOfAllTenants(claim, at: StoreBench.start) {
                work.append(try await store.work(ofEnding: task.lease))
            }
            // The first ones prepare statements.
            return Array(work.dropFirst(4))
        }
    }
}

extension SQLiteStore {
    /// Statements that the end of an item executes, and their steps in SQLite's virtual machine.
    fileprivate func work(ofEnding lease: Lease) async throws -> ItemVolumeTests.Work {
        try await write { database, signals in
            let connection = database.database.sqliteConnection
            func sum(_ counter: Int32) -> Int {
                var (total, statement) = (0, sqlite3_next_stmt(connection, nil))
                while let one = statement {
                    total += Int(sqlite3_stmt_status(one, counter, 1))
                    statement = sqlite3_next_stmt(connection, one)
                }
                return total
            }
            _ = (sum(SQLITE_STMTSTATUS_RUN), sum(SQLITE_STMTSTATUS_VM_STEP))
            let receipt = try database.commit(
                [.began, .succeeded(TaskOutput())], under: lease, at: StoreBench.after(1), signals: &signals)
            #expect(receipt == .accepted(.succeeded))
            return ItemVolumeTests.Work(statements: sum(SQLITE_STMTSTATUS_RUN), steps: sum(SQLITE_STMTSTATUS_VM_STEP))
        }
    }
}
