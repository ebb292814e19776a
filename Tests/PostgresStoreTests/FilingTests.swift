import PostgresTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite("Ended runs are filed in the background") struct FilingTests {
    private static func history(_ count: Int = 1_500, seed: UInt64 = 5) -> VariedHistory {
        VariedHistory(count, over: .weeks, random: SeededRandom(seed: seed))
    }

    @Test func everyEndedRunHasAMarkOfEachSubject() async throws {
        try await TestDatabase.withStore { store in
            let history = Self.history()
            try await StoreBench(store).importAll(history.runs)
            #expect(try await store.rows(of: "run_marks") == 0)
            try await store.fileAll()
            #expect(try await store.marks() == Set(history.runs.flatMap(Mark.all)))
            try await store.expectRight(unfiled: 0)
        }
    }

    @Test func aStepIsSmall() async throws {
        try await TestDatabase.withStore { store in
            let history = Self.history()
            try await StoreBench(store).importAll(history.runs)
            let before = try await store.rows(of: "unfiled_runs")
            #expect(before == history.runs.count && before > FilingLimits.runs)
            #expect(try await store.fileRunsAtRest())
            #expect(try await store.rows(of: "unfiled_runs") == before - FilingLimits.runs)
            try await store.expectRight(unfiled: before - FilingLimits.runs)
        }
    }

    /// A run that has as many bytes of texts as a step is filed alone, and so is one with more.
    @Test(arguments: [-1, 0, 1])
    func aStepHasFewBytesOfTexts(_ more: Int) async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            let runs = (0..<3).map { number in
                var run = bench.endedRun("wf-\(number)", .failed, at: Double(number))
                let bytes = FilingLimits.textBytes - run.name.utf8.count + more
                run.error = RunError(
                    attribution: nil, type: "a.b/c", message: number == 0 ? String(repeating: "x", count: bytes) : "No")
                return run
            }
            try await bench.importAll(runs)
            #expect(try await store.fileRunsAtRest())
            #expect(try await store.rows(of: "unfiled_runs") == (more < 0 ? 1 : 2))
            try await store.expectRight()
            try await store.fileAll()
            #expect(try await bench.ids(.reading([.text: "xxxx"])) == ["wf-0"])
            try await store.expectRight(unfiled: 0)
        }
    }

    /// An entry of an index has about 2,700 bytes at most.
    @Test func valuesMayBeLongerThanAnEntryOfAnIndex() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            let random = SeededRandom(seed: 1)
            let long = String((0..<4_000).map { _ in Character(UnicodeScalar(UInt8(random.number(in: 97...122)))) })
            let runs = [long, String(long.dropLast()) + "!"].enumerated().map { number, type in
                var run = bench.endedRun("wf-\(number)", .failed)
                run.error = RunError(attribution: .platform, type: type, message: "No")
                return run
            }
            try await bench.importAll(runs)
            try await store.fileAll()
            #expect(try await bench.ids(.reading([.errorType: long])) == ["wf-0"])
            try await store.expectRight(unfiled: 0)
        }
    }

    @Test func aRunThatIsFiledAlreadyIsNotCountedAgain() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            try await StoreBench(store).importAll(Self.history().runs)
            try await store.fileAll()
            let marks = try await store.marks()
            try await database.sql("INSERT INTO unfiled_runs SELECT tenant, created_at, id FROM runs")
            try await database.sql("INSERT INTO older_runs (tenant, run_created_at, run) VALUES (0, 0, '')")
            try await store.fileAll()
            #expect(try await store.marks() == marks)
            try await store.expectRight(unfiled: 0)
            try await store.close()
        }
    }

    @Test func severalNodesFileAtOnceWhileRunsAreAddedAndDeleted() async throws {
        try await TestDatabase.with { database in
            let nodes = [try await database.openStore(), try await database.openStore(), try await database.openStore()]
            let histories = (0..<4).map { Self.history(600, seed: UInt64($0)) }
            let cutoff = StoreBench.after(5 * 86_400)
            try await StoreBench(nodes[0]).importAll(histories[0].runs)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for node in nodes {
                    group.addTask { for _ in 0..<30 { _ = try await node.fileRunsAtRest() } }
                }
                group.addTask {
                    for history in histories.dropFirst() { try await StoreBench(nodes[1]).importAll(history.runs) }
                }
                group.addTask { _ = try await StoreBench(nodes[2]).retain(createdBefore: cutoff) }
                try await group.waitForAll()
            }
            for node in nodes { try await node.fileAll() }
            _ = try await StoreBench(nodes[2]).retain(createdBefore: cutoff)
            try await nodes[0].fileAll()
            let left = histories.flatMap(\.runs).filter { $0.endedAt == nil || $0.createdAt >= cutoff }
            #expect(try await nodes[0].marks() == Set(left.flatMap(Mark.all)))
            try await nodes[0].expectRight(unfiled: 0)
            for node in nodes { try await node.close() }
        }
    }

    @Test func aNodeThatDiesInAStepLeavesItToTheOthers() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            let history = Self.history(300)
            try await StoreBench(store).importAll(history.runs)
            let unfiled = try await store.rows(of: "unfiled_runs")
            let dying = try await database.openStore(settings: PostgresSettings(connections: 1, foldInterval: nil))
            try await dying.pool.run { connection in
                try connection.begin()
                _ = try connection.fileRuns()
            }
            // One node files at a time. All runs are still listed as before.
            #expect(try await !store.fileRunsAtRest())
            try await store.expectRight(unfiled: unfiled)
            try await database.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = \(FilingStatement.lock)")
            try await dying.close()
            try await store.fileAll()
            #expect(try await store.marks() == Set(history.runs.flatMap(Mark.all)))
            try await store.expectRight(unfiled: 0)
            try await store.close()
        }
    }

    @Test func nothingIsLeftOfDeletedRuns() async throws {
        try await TestDatabase.withStore { store in
            let history = Self.history()
            try await StoreBench(store).importAll(history.runs)
            // Some are filed, some wait for it.
            _ = try await store.fileRunsAtRest()
            // In the middle of a month: some months are dropped, of others the runs are deleted one by one.
            let cutoff = StoreBench.after(10 * 86_400)
            _ = try await StoreBench(store).retain(createdBefore: cutoff)
            let left = history.runs.filter { $0.endedAt == nil || $0.createdAt >= cutoff }
            try await store.expectRight()
            try await store.fileAll()
            #expect(try await store.marks() == Set(left.flatMap(Mark.all)))
            try await store.expectRight(unfiled: 0)
            _ = try await StoreBench(store).retain(createdBefore: StoreBench.after(366 * 86_400))
            try await store.fileAll()
            let open = Set(left.filter { $0.endedAt == nil }.flatMap(Mark.all))
            #expect(try await store.marks() == open)
            #expect(try await store.rows(of: "run_subjects") == Set(open.map(\.subject)).count)
            #expect(try await store.rows(of: "touched_subjects") == 0)
            try await store.expectRight(unfiled: 0)
        }
    }

    @Test func aMonthThatIsDroppedTakesItsMarksWithIt() async throws {
        try await TestDatabase.withStore { store in
            let bench = StoreBench(store)
            let ended = (0..<40).map { bench.endedRun("wf-\($0)", at: Double($0 - 30) * 86_400) }
            try await bench.importAll(ended)
            try await store.fileAll()
            // 2023-11-01
            let cutoff = Timestamp(milliseconds: 1_698_796_800_000)
            var dropped = 0
            _ = try await bench.retain(createdBefore: cutoff) { dropped += $0.droppedMonths }
            #expect(dropped > 0)
            let left = ended.filter { $0.createdAt >= cutoff }
            #expect(!left.isEmpty && left.count < 40)
            #expect(try await store.marks() == Set(left.flatMap(Mark.all)))
            try await store.expectRight(unfiled: 0)
        }
    }

    @Test(arguments: [
        "DELETE FROM run_marks WHERE run = (SELECT min(run) FROM run_marks)",
        "UPDATE run_marks SET state = 5 WHERE run = (SELECT run FROM run_marks WHERE state = 6 LIMIT 1)",
        "UPDATE run_marks SET run_ended_at = run_ended_at + 1 WHERE run = (SELECT min(run) FROM run_marks)",
        "INSERT INTO run_marks (subject, state, run_created_at, run, run_ended_at, type) "
            + "SELECT subject, state, run_created_at, 'wf-none', run_ended_at, type FROM run_marks LIMIT 1",
        "UPDATE run_marks SET type = type + 100 WHERE run = (SELECT min(run) FROM run_marks)",
        "UPDATE subject_days SET runs = runs + 1 WHERE subject = 1", "DELETE FROM subject_days WHERE subject = 1",
        "UPDATE subject_days SET type = type + 100 WHERE subject = 1",
        "DELETE FROM subject_texts WHERE subject = (SELECT min(subject) FROM subject_texts)",
        "UPDATE subject_texts SET form = form || 'x' WHERE subject = (SELECT max(subject) FROM subject_texts)",
        "INSERT INTO subject_texts VALUES (1000000, '1 x')",
        "UPDATE run_subjects SET value = 'x' WHERE number = (SELECT min(subject) FROM subject_texts)",
        "UPDATE run_marks SET indexed_id = NULL WHERE run = (SELECT min(run) FROM run_marks)",
        "UPDATE run_marks SET indexed_id = 'x' WHERE run = (SELECT max(run) FROM run_marks)",
        "DELETE FROM run_marks WHERE indexed_id IS NOT NULL AND run = (SELECT min(run) FROM run_marks)",
        "DELETE FROM unfiled_runs", "UPDATE run_subjects SET value = 'u-other' WHERE dimension = 2",
        "INSERT INTO unfiled_runs SELECT s.tenant, m.run_created_at, m.run FROM run_marks AS m JOIN run_subjects AS s "
            + "ON s.number = m.subject LIMIT 1",
        "ALTER TABLE runs DISABLE TRIGGER USER; DELETE FROM runs; ALTER TABLE runs ENABLE TRIGGER USER; "
            + "DELETE FROM run_changes; DELETE FROM run_hours; DELETE FROM run_days; DELETE FROM run_day_pairs",
    ])
    func aCheckFindsWhatIsFiledWronglyAndARepairFilesItAgain(_ damage: String) async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            let history = Self.history(200)
            try await StoreBench(store).importAll(Array(history.runs[..<150]))
            try await store.fileAll()
            try await StoreBench(store).importAll(Array(history.runs[150...]))
            try await database.sql(damage)
            let found = try await store.checkOfAllTenants(repairing: false, at: StoreBench.start)
            #expect(found.map(\.subject) == [.filing] && found.map(\.remedy) == [.repairable])
            let repaired = try await store.checkOfAllTenants(repairing: true, at: StoreBench.start)
            #expect(repaired.map(\.remedy) == [.repaired])
            try await store.expectRight()
            try await store.fileAll()
            try await store.expectRight(unfiled: 0)
            let filed = damage.contains("DELETE FROM runs;") ? [] : history.runs
            #expect(try await store.marks() == Set(filed.flatMap(Mark.all)))
            try await store.close()
        }
    }

    /// As a node of an earlier version makes them, which does not know marks.
    @Test func aMonthWithoutPartitionsOfMarksGetsThem() async throws {
        try await TestDatabase.with { database in
            let store = try await database.openStore()
            let run = StoreBench(store).endedRun("wf-1")
            try await StoreBench(store).importAll([run])
            try await database.sql("DROP TABLE run_marks_2023_11, subject_days_2023_11")
            try await store.fileAll()
            #expect(try await store.marks() == Mark.all(of: run))
            try await store.close()
        }
    }
}

/// A mark, and the subject and the run that it is about.
struct Mark: Hashable {
    var subject: RunSubject
    var state: RunState
    var createdAt: Timestamp
    var id: RunID
    var endedAt: Timestamp?

    /// The marks of a run at rest, from what the API says about it.
    static func all(of run: WorkflowRun) -> Set<Mark> {
        let (origin, error) = (run.origin, run.error)
        let values: [(RunDimension, String?)] =
            [
                (.configuration, origin.configuration), (.principal, run.principal.id),
                (.attribution, error?.attribution?.rawValue), (.errorType, error?.type), (.schedule, origin.schedule),
                (.runMode, origin.runMode?.rawValue), (.retried, run.attempts > 1 ? String(min(run.attempts, 8)) : nil),
                (.runtime, run.runtime.map { RuntimeClass.subject(of: $0.milliseconds).value.text }),
                (.warned, run.warnings > 0 ? "" : nil),
                (
                    .text,
                    RunText(
                        name: run.name, configuration: origin.configuration, message: error?.message, parameters: origin.parameters
                    ).fingerprint
                ),
            ] + origin.labels.map { (.label, $0.description) }
        return Set(
            values.compactMap { dimension, value in
                value.map {
                    Mark(
                        subject: RunSubject(dimension, $0), state: run.state, createdAt: run.createdAt, id: run.id,
                        endedAt: run.endedAt
                    )
                }
            })
    }
}

extension PostgresStore {
    func fileAll() async throws {
        while try await fileRunsAtRest() {}
    }

    func rows(of table: String) async throws -> Int {
        try await read { try $0.row("SELECT count(*) FROM \(table)") { try $0.next() } ?? 0 }
    }

    func marks() async throws -> Set<Mark> {
        let marks = try await read { database in
            try database.rows(
                """
                SELECT s.dimension, s.value, m.state, m.run_created_at, m.run, m.run_ended_at
                FROM run_marks AS m JOIN run_subjects AS s ON s.number = m.subject
                """
            ) { columns in
                let dimension = try #require(RunDimension(rawValue: try columns.next()))
                return Mark(
                    subject: RunSubject(dimension, try columns.next()), state: try columns.next(), createdAt: try columns.next(),
                    id: try columns.next(), endedAt: try columns.next())
            }
        }
        #expect(try await rows(of: "run_marks") == marks.count)
        return Set(marks)
    }

    /// Expects that a check finds nothing, and that this many runs wait to be filed.
    /// - Parameter unfiled: nil for any number.
    func expectRight(unfiled: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(try await checkOfAllTenants(repairing: false, at: StoreBench.start) == [], sourceLocation: sourceLocation)
        if let unfiled { #expect(try await rows(of: "unfiled_runs") == unfiled, sourceLocation: sourceLocation) }
    }
}
