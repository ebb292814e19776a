import GRDB
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct ImportTests {
    /// Foreign keys are off while runs are imported, so that the import has to keep references valid itself.
    @Test func importedRunsHaveValidReferences() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            func runs(_ numbers: Range<Int>) -> [ImportedRun] {
                numbers.map { bench.importedRun("wf-\($0)", .inProgress, tasks: [.succeeded, .running]) }
            }
            _ = try await store.importRuns(runs(0..<50), into: StoreBench.acme)
            // Half of them exist already.
            _ = try await store.importRuns(runs(25..<75), into: StoreBench.acme)
            try await store.write { database in
                let runs = try Int.fetchOne(database.database, sql: "SELECT count(*) FROM runs")
                let tasks = try Int.fetchOne(database.database, sql: "SELECT count(*) FROM tasks")
                #expect(runs == 75 && tasks == 150)
                let dangling = try Row.fetchAll(database.database, sql: "PRAGMA foreign_key_check")
                #expect(dangling.isEmpty)
                let looksAtReferences = try Int.fetchOne(database.database, sql: "PRAGMA foreign_keys")
                #expect(looksAtReferences == 1)
            }
        }
    }
}
