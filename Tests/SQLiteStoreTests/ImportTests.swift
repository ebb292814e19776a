import GRDB
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct ImportTests {
    /// The check of references is off while runs are imported, so that this has to be right by itself.
    @Test func whatImportedRunsReferToIsThere() async throws {
        try await withStore { store in
            let bench = StoreBench(store)
            func runs(_ numbers: Range<Int>) -> [ImportedRun] {
                numbers.map { bench.importedRun("wf-\($0)", .inProgress, tasks: [.succeeded, .running]) }
            }
            _ = try await store.importRuns(runs(0..<50), into: StoreBench.acme)
            // Half of them are there already.
            _ = try await store.importRuns(runs(25..<75), into: StoreBench.acme)
            try await store.write { database in
                let runs = try Int.fetchOne(database, sql: "SELECT count(*) FROM runs")
                let tasks = try Int.fetchOne(database, sql: "SELECT count(*) FROM tasks")
                #expect(runs == 75 && tasks == 150)
                let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
                #expect(dangling.isEmpty)
                let looksAtReferences = try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
                #expect(looksAtReferences == 1)
            }
        }
    }
}
