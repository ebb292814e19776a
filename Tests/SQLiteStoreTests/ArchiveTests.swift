import Foundation
import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct ArchiveTests {
    /// A new column has to be listed here: transferred, left out or derived.
    @Test func nothingOfTheSchemaIsForgotten() async throws {
        let taken: [String: Set<String>] = [
            "tenants": ["name", "rate_limit"],
            "runs": [
                "called_by_run", "called_by_task",
                "tenant", "id", "type", "state", "created_at", "ended_at", "name", "principal", "error_attribution", "error_type",
                "error_message", "error_data", "configuration", "launched_version", "imported_version", "run_mode", "range_from",
                "range_to", "warn_after_ms", "warn_at", "scheduled_for", "schedule", "rerun_of", "stop_requested_at",
                "stop_requested_by", "stop_reason", "labels", "attempts", "imported_configuration", "warnings",
                "after_stop_ms", "parameters", "triggered_by",
            ],
            "closing_deadlines": ["run", "due_at"],
            "tasks": [
                "wait",
                "tenant", "run", "position", "id", "definition_id", "definition_type", "label", "stage", "execution_type",
                "timeout_ms", "needs", "created_at", "state", "state_changed_at", "ended_at", "ready_at", "worker",
                "lease_expires_at", "attempt", "token", "engine_run_id", "error_attribution", "error_type", "error_message",
                "error_data", "outputs", "uses", "kept_from", "warnings", "condition", "resolution",
                "gate", "fan", "item", "wait",
            ],
            "attempts": [
                "tenant", "run", "position", "number", "started_at", "ended_at", "outcome", "error_attribution", "error_type",
                "error_message", "error_data", "output_begin", "output_end", "terminated_at", "killed_at", "call_canceled_at",
                "gone_at",
            ],
            "output_chunks": ["tenant", "run", "position", "attempt", "from_byte", "to_byte", "bytes", "marks"],
            "start_keys": ["tenant", "owner", "key", "fingerprint", "run", "created_at"],
            "configuration_versions": [
                "tenant", "id", "configuration", "version", "name", "type", "format", "directory", "code_commit",
                "code_dirty", "created_at", "created_by", "source",
            ],
            "configurations": ["tenant", "id", "version", "pause_reason", "paused_by", "paused_at", "paused_until"],
            "schedule_cursors": ["tenant", "configuration", "revision", "decided_until", "wake_at", "waits_for_run"],
            "schedule_stretches": ["tenant", "configuration", "version", "begins_at", "ends_at"],
            "ticks": [
                "tenant", "configuration", "instant", "schedule", "outcome", "reason", "run", "merged_into", "due_at",
                "period_from", "decided_at", "is_backfilled", "note",
            ],
            "after_triggers": ["tenant", "source", "configuration", "ends"],
            "firings": [
                "tenant", "id", "configuration", "source", "cause_run", "cause_state", "delivery", "depth", "fired_at", "outcome",
                "note", "run", "parameters", "due_at", "decided_at",
            ],
            "api_keys": [
                "id", "tenant", "name", "policy", "created_at", "secret_hash", "secret_number", "deposed_at", "last_used_at",
            ],
            "alert_receivers": [
                "tenant", "name", "kind", "url", "events", "attribution", "types", "configurations", "secret", "former_secret",
                "rotated_at", "created_at", "disabled_at", "disabled_reason",
            ],
            "alert_rules": ["tenant", "configuration", "position", "receiver", "events", "attribution"],
            "alerts": [
                "tenant", "id", "receiver", "event", "run", "schedule", "nominal_at", "title", "configuration", "occurred_at",
                "state", "attempts", "next_at", "last_attempt_at", "answer",
            ],
            "limits": ["tenant", "name", "size"],
            "run_statistics": [
                "tenant", "day", "type", "state", "configuration", "attribution", "runs", "runtime_ms", "longest_ms",
            ],
            "run_resolutions": ["tenant", "run", "task", "resolution", "reason", "resolved_at", "resolved_by"],
            "run_subscriptions": ["tenant", "run", "receiver", "requested_at", "requested_by"],
            "run_notes": ["tenant", "run", "written_at", "written_by", "text"],
            "saved_views": ["tenant", "name", "search", "saved_by", "saved_at"],
            "service_secrets": ["name", "value"],
            "tenant_secrets": ["tenant", "name", "version", "key", "sealed", "set_by", "set_at"],
            "audit_events": [
                "tenant", "id", "happened_at", "type", "principal_id", "principal_name", "principal_email", "object_id",
                "object_name", "origin_ip", "user_agent", "session_id", "hash",
            ],
            "audit_chains": ["tenant", "base", "head"],
            "bulk_operations": [
                "tenant", "id", "action", "parameters", "runs", "filter", "created_before", "per_second", "requested_by",
                "requested_at", "total", "state", "done", "unchanged", "refused", "place_at", "place_run", "ended_at", "aborted_by",
            ],
            "bulk_receipts": ["tenant", "operation", "number", "run", "outcome", "reason", "rerun", "written_at"],
            // Transferred by name, with the records that refer to them.
            "run_types": ["tenant", "name"],
            "principals": ["tenant", "id", "name", "email"],
        ]
        // Not transferred: row numbers, turns, queues, and claims of alerts and bulk operations are each store's own.
        let left: Set<String> = ["number", "turn", "token", "busy_until", "parked_on", "due_at"]
        // Derived from the runs, by each store in its own way.
        let derived: Set<String> = [
            "run_counts", "run_changes", "unfiled_runs", "older_runs", "run_subjects", "run_marks", "run_durations", "typed_days",
        ]
        try await withEmbeddedStore { store in
            let schema = try await store.read { database in
                try database.rows(
                    """
                    SELECT t.name, c.name FROM sqlite_schema AS t CROSS JOIN pragma_table_info(t.name) AS c
                    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
                        -- Indexes of texts, and the tables that they consist of.
                        AND t.name NOT LIKE 'subject_texts%' AND t.name NOT LIKE 'run_ids%'
                    """
                ) { (try $0.next(String.self), try $0.next(String.self)) }
            }
            for (table, column) in schema where !derived.contains(table) {
                let isKnown = taken[table]?.contains(column) ?? false
                #expect(
                    isKnown || (left.contains(column) && taken[table] != nil && (table, column) != ("tasks", "token")),
                    "\(table).\(column)")
            }
        }
    }

    @Test func theFileStaysUnchangedAndLocked() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            try await StoreBench(store).fillWithEverything()
            try await store.close()
            let file = URL(fileURLWithPath: directory + "/weir.db")
            let before = try Data(contentsOf: file)
            do {
                let archive = try SQLiteArchive.open(directory: directory)
                #expect { try SQLiteStore.open(directory: directory) } throws: { ($0 as? StoreError)?.code == .ownedElsewhere }
                #expect { try SQLiteArchive.open(directory: directory) } throws: { ($0 as? StoreError)?.code == .ownedElsewhere }
                for part in TransferPart.allCases { _ = try await archive.records(of: part, from: nil) }
            }
            #expect(try Data(contentsOf: file) == before)
            try await SQLiteStore.open(directory: directory).close()
        }
    }

    @Test func anotherSchemaIsNotTouched() async throws {
        for (change, code) in [(-1, StoreError.Code.unavailable), (1, .newerThanProgram)] {
            try await withDirectory { directory in
                let store = try SQLiteStore.open(directory: directory)
                let schema = (Migration.all.last?.number ?? 0) + change
                try await store.write { try $0.database.execute(sql: "PRAGMA user_version = \(schema)") }
                try await store.close()
                #expect { try SQLiteArchive.open(directory: directory) } throws: { ($0 as? StoreError)?.code == code }
            }
        }
        #expect { try SQLiteArchive.open(directory: "/nonexistent") } throws: { ($0 as? StoreError)?.code == .unavailable }
    }

    @Test func longPartsComeInPagesEachRecordOnce() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            let bench = StoreBench(store)
            let history = RunHistory(TransferLimits.records * 2 + 7, random: bench.random)
            _ = try await store.importRuns(history.imported, into: history.tenant)
            for (owner, text) in [("a/b", "c"), ("a", "b/c"), ("a", "/"), ("", "a"), ("ü/", "3/4/x")] {
                _ = try await store.createRun(
                    try await bench.plan(), once: IdempotencyKey(owner: owner, text: text, fingerprint: [1]))
            }
            let lease = try await bench.claimOne()
            for index in 0..<(TransferLimits.chunks + 5) {
                try await store.appendOutput(OutputChunk(offset: index, bytes: [7]), under: lease, keepingLast: 1_000)
            }
            try await store.close()

            let archive = try SQLiteArchive.open(directory: directory)
            var runs: [RunID] = []
            try await archive.walk(.runs) { if case .runs(let page) = $0 { runs += page.map(\.run.id) } }
            #expect(runs.count == history.runs.count + 5)
            #expect(Set(runs).count == runs.count)
            var offsets: [Int] = []
            try await archive.walk(.output) { if case .output(let page) = $0 { offsets += page.map(\.chunk.offset) } }
            #expect(offsets == Array(0..<(TransferLimits.chunks + 5)))
            // A place leads to the records behind it, whatever texts its key contains.
            let page = try await archive.records(of: .startKeys, from: nil)
            var keys: [TransferredStartKey] = []
            if case .startKeys(let found) = page.records { keys = found }
            #expect(keys.map { "\($0.key.owner)|\($0.key.text)" } == ["|a", "a|/", "a|b/c", "a/b|c", "ü/|3/4/x"])
            for (index, key) in keys.enumerated() {
                let place = TransferPlace(text: "1/\(key.key.owner.utf8.count)/\(key.key.owner)\(key.key.text)")
                let rest = try await archive.records(of: .startKeys, from: place)
                #expect(rest.records == .startKeys(Array(keys.dropFirst(index + 1))))
            }
        }
    }
}

extension SQLiteArchive {
    fileprivate func walk(_ part: TransferPart, _ body: (TransferRecords) -> Void) async throws {
        var place: TransferPlace?
        repeat {
            let page = try await records(of: part, from: place)
            body(page.records)
            place = page.next
        } while place != nil
    }
}
