import Foundation
import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

/// A database that an earlier version wrote, before output had times and streams.
@Suite struct MigrationOfOutputTests {
    /// A run whose task is running and has printed.
    private static let rows = """
        INSERT INTO tenants (number, name) VALUES (1, 'acme');
        INSERT INTO run_types (number, tenant, name) VALUES (1, 1, 'a.b');
        INSERT INTO principals (number, tenant, id, name) VALUES (1, 1, 'u-1', 'Ada');
        INSERT INTO runs (number, tenant, id, type, state, created_at, name, principal, configuration, launched_version, run_mode)
        VALUES (1, 1, 'wf-1', 1, 2, 1000, 'Daily', 1, 'cg-daily', 'etv-1', 'full');
        INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, execution_type, created_at, state,
            state_changed_at, attempt, token, worker, lease_expires_at, outputs, kept_from)
        VALUES (1, 1, 0, 't-1', 'a', 'x', 'A', 'command', 1000, 3, 2000, 1, 1, 'w', 99999999999999, NULL, NULL);
        INSERT INTO attempts (tenant, run, position, number, started_at, output_end) VALUES (1, 1, 0, 1, 2000, 4);
        INSERT INTO output_chunks (tenant, run, position, attempt, from_byte, to_byte, bytes) VALUES (1, 1, 0, 1, 0, 4, x'6F6E650A');
        """

    @Test func oldOutputHasNoTimesAndNewOutputOfTheSameAttemptHas() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let database = try DatabaseQueue(path: directory + "/weir.db")
            try await database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA application_id = \(OpenedDatabase.applicationID)")
                let earlier = Migration.all.filter { $0.number < Migration.outputMarks.number }
                try Migration.apply(earlier, to: DatabaseConnection(database))
                try database.execute(sql: Self.rows)
            }
            try database.close()
            let store = try SQLiteStore.open(directory: directory)
            let task = TaskID(rawValue: "t-1")
            let lease = Lease(tenant: StoreBench.acme, run: RunID(rawValue: "wf-1"), task: task, attempt: 1, token: 1)
            func read() async throws -> OutputSlice? {
                try await store.output(TaskOutputQuery(of: task, in: lease.run, tenant: lease.tenant, limit: 100))
            }
            #expect(try await read() == OutputSlice(attempt: 1, offset: 0, bytes: Array("one\n".utf8), isLast: false))
            let mark = OutputMark(offset: 4, time: StoreBench.start, stream: .stderr)
            let chunk = OutputChunk(offset: 4, bytes: Array("bad\n".utf8), marks: OutputMarks([mark], lineBreaks: 1))
            try await store.appendOutput(chunk, under: lease, keepingLast: 100)
            #expect(
                try await read()
                    == OutputSlice(
                        attempt: 1, offset: 0, bytes: Array("one\nbad\n".utf8), isLast: false, marks: OutputMarks([mark])))
            #expect(try await store.checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
            try await store.close()
        }
    }
}
