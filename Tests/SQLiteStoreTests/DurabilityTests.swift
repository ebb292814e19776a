import Foundation
import GRDB
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct DurabilityTests {
    @Test func theWriterFlushesEveryCommitAndChecksForeignKeys() async throws {
        try await withEmbeddedStore { store in
            let settings = try await store.pool.writeWithoutTransaction { database in
                try ["journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "application_id"].map {
                    try String.fetchOne(database, sql: "PRAGMA \($0)")
                }
            }
            #expect(settings == ["wal", "2", "1", "4000", "1466263922"])
        }
    }

    @Test func readersCannotWriteOrCheckpoint() async throws {
        try await withEmbeddedStore { store in
            let isReadOnly = try await store.reads.read { $0.database.configuration.readonly }
            #expect(isReadOnly)
            await #expect(throws: DatabaseError.self) {
                try await store.reads.read { try $0.database.execute(sql: "INSERT INTO tenants (name) VALUES ('x')") }
            }
            try await store.saveSettings(TenantSettings(tenant: StoreBench.acme, rateLimit: 1))
            let before = try logSize(of: store)
            await #expect(throws: DatabaseError.self) { try await store.reads.read { _ = try $0.database.checkpoint(.truncate) } }
            #expect(try logSize(of: store) == before)
            #expect(before > 0)
        }
    }

    @Test func writtenDataSurvivesReopening() async throws {
        try await withDirectory { directory in
            var store = try SQLiteStore.open(directory: directory)
            let history = RunHistory(50, random: SeededRandom(seed: 3))
            _ = try await store.importRuns(history.imported, into: history.tenant)
            let bench = StoreBench(store)
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
            try await bench.succeed(bench.claimOne())
            let details = try await bench.details(id)
            try await store.close()
            #expect(FileManager.default.fileExists(atPath: directory + "/weir.db-wal") == false)

            store = try SQLiteStore.open(directory: directory)
            let reopened = StoreBench(store)
            #expect(try await reopened.details(id) == details)
            #expect(try await reopened.walk(by: 100).count == 51)
            #expect(try await reopened.claim().map(\.definitionID) == ["b"])
            try await store.close()
        }
    }

    /// Copies the files as a power failure would leave them: data that is only in the log is durable too.
    @Test func acknowledgedDataIsInTheFilesAtOnce() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory + "/live")
            let bench = StoreBench(store)
            for round in 1...5 {
                let id = try await bench.start()
                let copy = directory + "/copy-\(round)"
                try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
                for file in ["weir.db", "weir.db-wal"] {
                    try FileManager.default.copyItem(atPath: directory + "/live/" + file, toPath: copy + "/" + file)
                }
                let survivor = try SQLiteStore.open(directory: copy)
                #expect(try await survivor.run(id, of: StoreBench.acme)?.tasks.count == 1)
                #expect(try await StoreBench(survivor).walk(by: 100).count == round)
                try await survivor.close()
            }
            try await store.close()
        }
    }

    @Test func aFullDiskFailsTheWriteAndNothingElse() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let id = try await bench.start()
            try await store.pool.writeWithoutTransaction { database in
                let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(pages + 10)")
            }
            let history = RunHistory(2_000, random: bench.random)
            await bench.expect(.unavailable) { try await store.importRuns(history.imported, into: StoreBench.globex) }
            #expect(try await bench.walk(of: StoreBench.globex, by: 10).isEmpty)
            #expect(try await bench.details(id).run.state == .scheduled)
            try await bench.succeed(bench.claimOne())
            try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1073741823") }
            #expect(try await store.importRuns(history.imported, into: StoreBench.globex).added == 2_000)
        }
    }

    @Test func aBatchWithARunThatCannotBeWrittenAddsNone() async throws {
        try await withEmbeddedStore { store in
            let history = RunHistory(20, random: SeededRandom(seed: 4))
            let bad = history.runs[15].id.rawValue
            try await store.pool.write { database in
                try database.execute(
                    sql: """
                        CREATE TRIGGER refuse BEFORE INSERT ON runs WHEN new.id = '\(bad)'
                        BEGIN SELECT raise(ABORT, 'refused'); END
                        """)
            }
            let bench = StoreBench(store)
            await bench.expect(.unavailable) { try await store.importRuns(history.imported, into: history.tenant) }
            #expect(try await bench.walk(by: 100).isEmpty)
            #expect(try await store.allTenants().isEmpty)
        }
    }

    private func logSize(of store: SQLiteStore) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: store.pool.path + "-wal")
        return try #require(attributes[.size] as? NSNumber).intValue
    }
}
