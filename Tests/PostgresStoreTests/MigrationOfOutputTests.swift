import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct MigrationOfOutputTests {
    /// A database of the schema before, in which a task has printed.
    private let before = """
        INSERT INTO tenants (name) VALUES ('acme');
        INSERT INTO run_types (tenant, name) VALUES (1, 'a.b');
        INSERT INTO principals (tenant, id, name) VALUES (1, 'key-1', 'Operator''s key');
        INSERT INTO runs (tenant, id, created_at, ended_at, type, principal, state, name, configuration, launched_version, run_mode)
        VALUES (1, 'wf-20231114-1', 1700000000000, 1700000005000, 1, 1, 6, 'Daily', 'cg-daily', 'v-1', 'full');
        INSERT INTO tasks (tenant, run, run_created_at, position, id, definition_id, definition_type, label, execution_type, created_at,
            state, state_changed_at, attempt, token)
        VALUES (1, 'wf-20231114-1', 1700000000000, 0, 't-1', 'a', 'x', 'A', 'command', 1700000000000, 7, 1700000005000, 1, 1);
        INSERT INTO attempts (tenant, run, run_created_at, position, number, started_at, ended_at, outcome, output_end)
        VALUES (1, 'wf-20231114-1', 1700000000000, 0, 1, 1700000000000, 1700000005000, 7, 4);
        INSERT INTO output_chunks (tenant, run, run_created_at, position, attempt, from_byte, to_byte, bytes)
        VALUES (1, 'wf-20231114-1', 1700000000000, 0, 1, 0, 4, 'one\n');
        """

    @Test func oldOutputHasNoTimesAndNewPartitionsTakeThem() async throws {
        try await TestDatabase.withEmpty { database in
            try await database.session { [before] connection in
                try Migration.apply(Migration.all.filter { $0.number < Migration.outputMarks.number }, to: connection)
                try connection.makePartitions(for: [PartitionMonth(of: StoreBench.start)])
                try connection.control(before)
            }
            let store = try await database.openStore()
            let old = try await store.output(
                TaskOutputQuery(
                    of: TaskID(rawValue: "t-1"), in: RunID(rawValue: "wf-20231114-1"), tenant: StoreBench.acme, limit: 100))
            #expect(old == OutputSlice(attempt: 1, offset: 0, bytes: Array("one\n".utf8), isLast: true))
            let bench = StoreBench(store)
            let years = Timestamp(milliseconds: StoreBench.start.milliseconds + 400 * 86_400_000)
            for begin in [StoreBench.start, years] {
                try await bench.start(of: StoreBench.globex, at: begin)
                let lease = try await bench.claimOne(at: begin)
                let marks = OutputMarks([OutputMark(offset: 0, time: begin, stream: .stderr)], lineBreaks: 0)
                try await store.appendOutput(
                    OutputChunk(offset: 0, bytes: [65], marks: marks), under: lease, keepingLast: 100)
                let read = try await store.output(TaskOutputQuery(of: lease.task, in: lease.run, tenant: lease.tenant, limit: 9))
                #expect(read?.marks == marks)
            }
            try await store.close()
        }
    }
}
