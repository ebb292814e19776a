import GRDB
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct RetentionTests {
    private static let cutoff = StoreBench.after(3_600)

    /// Foreign keys are off while runs are deleted, so that retention has to keep references valid itself.
    @Test func nothingOfADeletedRunIsLeft() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let key = IdempotencyKey(owner: "wk_1", text: "once", fingerprint: [1])
            _ = try await store.createRun(try await bench.plan([StoreBench.task("a"), StoreBench.task("b")]), once: key)
            for claimed in try await bench.claim() {
                try await store.appendOutput(OutputChunk(offset: 0, bytes: [1, 2]), under: claimed.lease, keepingLast: 10)
                try await bench.succeed(claimed.lease)
            }
            #expect(
                try await store.deleteEndedRunsOfAllTenants(createdBefore: Self.cutoff, from: nil, addingToStatistics: true)
                    .deletedRuns == 1)
            try await store.write { database in
                for table in ["runs", "tasks", "attempts", "output_chunks", "start_keys"] {
                    let rows = try Int.fetchOne(database.database, sql: "SELECT count(*) FROM \(table)")
                    #expect(rows == 0, "\(table)")
                }
                let dangling = try Row.fetchAll(database.database, sql: "PRAGMA foreign_key_check")
                #expect(dangling.isEmpty)
                let looksAtReferences = try Int.fetchOne(database.database, sql: "PRAGMA foreign_keys")
                #expect(looksAtReferences == 1)
            }
        }
    }

    @Test func foreignKeysAreOnAgainAfterAFailedStep() async throws {
        try await withEmbeddedStore { store in
            await #expect(throws: StoreError.self) {
                try await store.write(.trusted) { database, _ in try database.database.execute(sql: "DELETE FROM nothing_like_it") }
            }
            let isOn = try await store.write { try Int.fetchOne($0.database, sql: "PRAGMA foreign_keys") }
            #expect(isOn == 1)
        }
    }

    @Test func aRunWithVeryMuchOutputGoesInSeveralSteps() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let id = try await bench.start()
            let lease = try await bench.claimOne()
            try await bench.succeed(lease)
            let attempts = 60
            try await store.write { database in
                let numbers = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <"
                try database.change(
                    "\(numbers) ?) INSERT INTO attempts (tenant, run, position, number, started_at) SELECT 1, 1, 0, i, 0 FROM n",
                    attempts)
                try database.change(
                    """
                    \(numbers) 101)
                    INSERT INTO output_chunks (tenant, run, position, attempt, from_byte, to_byte, bytes)
                    SELECT 1, 1, 0, a.number, i, i + 1, x'00' FROM attempts AS a CROSS JOIN n
                    """)
            }
            var place: RetentionPlace?
            var steps: [Int] = []
            repeat {
                let step = try await store.deleteEndedRunsOfAllTenants(
                    createdBefore: Self.cutoff, from: place, addingToStatistics: true)
                steps.append(step.deletedRuns)
                place = step.next
                let isThere = try await store.run(id, of: StoreBench.acme) != nil
                #expect(isThere == steps.allSatisfy { $0 == 0 })
            } while place != nil
            #expect(steps == [Int](repeating: 0, count: 14) + [1, 0])
        }
    }

    @Test func aPlaceOfAnotherStoreIsRefused() async throws {
        try await withEmbeddedStore { store in
            for text in ["", "1", "a/b/c", "1/2"] {
                await #expect(throws: StoreError.self) {
                    try await store.deleteEndedRunsOfAllTenants(
                        createdBefore: Self.cutoff, from: RetentionPlace(text: text), addingToStatistics: true)
                }
            }
        }
    }
}
