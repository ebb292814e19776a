import GRDB
import SQLiteTestKit
import StoreCore
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct FilingTests {
    private static let history = VariedHistory(1_500, over: .weeks, random: SeededRandom(seed: 5))

    private static func withHistory(_ body: (SQLiteStore) async throws -> Void) async throws {
        try await withEmbeddedStore { store in
            _ = try await store.importRuns(history.imported, into: history.tenant)
            try await body(store)
        }
    }

    @Test func everyImportedRunHasAMarkOfEachSubjectAndEveryEndedOneADuration() async throws {
        try await Self.withHistory { store in
            let (runs, ended) = (Self.history.runs, Self.history.runs.filter { $0.endedAt != nil })
            #expect(ended.count < runs.count)
            #expect(try await store.unfiled() == runs.count)
            try await store.fileAll()
            #expect(try await store.marks() == Set(runs.flatMap(Mark.all)))
            #expect(try await store.durations() == ended.map(\.id.rawValue).sorted())
            try await store.expectRight(unfiled: 0)
        }
    }

    @Test func aStepIsSmall() async throws {
        try await Self.withHistory { store in
            let before = try await store.unfiled()
            #expect(try await store.fileRunsAtRest())
            let filed = before - (try await store.unfiled())
            #expect((1...FilingLimits.runs).contains(filed))
            // Runs with so many labels that a step takes fewer of them.
            var run = Self.history.runs[0]
            (run.state, run.endedAt) = (.succeeded, run.createdAt)
            for number in 0..<RunLabels.most { run.origin.labels.set(try #require(RunLabel(key: "k\(number)", value: "v"))) }
            let tenant = StoreBench.globex
            let labeled = (0..<FilingLimits.runs).map { number in
                var run = run
                (run.id, run.tenant) = (RunID(rawValue: "labeled-\(number)"), tenant)
                return ImportedRun(run: run)
            }
            try await store.fileAll()
            _ = try await store.importRuns(labeled, into: tenant)
            #expect(try await store.fileRunsAtRest())
            let left = try await store.unfiled()
            #expect((FilingLimits.runs - FilingLimits.marks / RunLabels.most..<FilingLimits.runs).contains(left))
            try await store.expectRight(unfiled: left)
        }
    }

    @Test func runsAreFiledWhenTheyHaveEndedAndNotBefore() async throws {
        try await withEmbeddedStore { store in
            let bench = StoreBench(store)
            let id = try await bench.start()
            #expect(try await !store.fileRunsAtRest())
            try await bench.succeed(try await bench.claimOne(), at: StoreBench.after(2))
            #expect(try await !store.fileRunsAtRest(), "nothing is left")
            #expect(try await store.durations() == [id.rawValue])
            let run = try await bench.details(id).run
            #expect(try await store.marks() == Mark.all(of: run))
            try await store.expectRight(unfiled: 0)
        }
    }

    @Test func aRunThatIsFiledAlreadyIsNotCountedAgain() async throws {
        try await Self.withHistory { store in
            try await store.fileAll()
            let (marks, counts) = (try await store.marks(), try await store.subjectCounts())
            try await store.write { database in
                try database.change("INSERT INTO unfiled_runs SELECT number FROM runs")
                try database.change("INSERT INTO older_runs SELECT 1, max(number) FROM runs")
            }
            try await store.fileAll()
            #expect(try await store.marks() == marks)
            #expect(try await store.subjectCounts() == counts)
            try await store.expectRight(unfiled: 0)
        }
    }

    @Test func countsOfASubjectSplitAndAreRebuiltFromItsMarks() async throws {
        try await withEmbeddedStore { store in
            var history = RunHistory(6_000, over: .weeks, random: SeededRandom(seed: 6))
            for index in history.runs.indices { history.runs[index].principal = StoreBench.someone }
            _ = try await store.importRuns(history.imported, into: history.tenant)
            try await store.fileAll()
            let counts = try await store.subjectCounts()
            let nodes = try await store.read {
                try Int.fetchOne($0.database, sql: "SELECT count(*) FROM run_counts WHERE type < 0")
            }
            #expect(nodes ?? 0 > counts.count + 20, "a tree is split into days")
            for filter in history.filters(SeededRandom(seed: 3)) where filter.types == TextChoice() {
                let tally = try await store.tally(filter, of: RunSubject(.principal, StoreBench.someone.id), in: history.tenant)
                #expect(tally == history.list(filter).count, "\(filter)")
            }
            try await store.write { try $0.rebuildCounts() }
            #expect(try await store.subjectCounts() == counts)
            try await store.expectRight(unfiled: 0)
        }
    }

    @Test func nothingIsLeftOfDeletedRuns() async throws {
        try await Self.withHistory { store in
            // Some are filed, some wait for it.
            _ = try await store.fileRunsAtRest()
            let cutoff = StoreBench.after(86_400 * 10)
            try await store.deleteAll(createdBefore: cutoff)
            let left = Self.history.runs.filter { $0.endedAt == nil || $0.createdAt >= cutoff }
            let unfiled = try await store.unfiled()
            #expect(try await store.filed() + unfiled == left.count)
            try await store.expectRight(unfiled: unfiled)
            try await store.fileAll()
            #expect(try await store.marks() == Set(left.flatMap(Mark.all)))
            try await store.deleteAll(createdBefore: Timestamp(milliseconds: .max))
            #expect(try await store.marks() == Set(left.filter { $0.endedAt == nil }.flatMap(Mark.all)))
            for table in ["run_durations", "unfiled_runs"] { #expect(try await store.rows(of: table) == 0, "\(table)") }
            try await store.expectRight(unfiled: 0)
        }
    }

    /// In changed rows, which do not depend on the speed of the computer. A tree that is split has some more nodes above a run.
    @Test func deletingARunCostsTheSameInALongHistory() async throws {
        var costs: [Int] = []
        for length in [300, 6_000] {
            try await withEmbeddedStore { store in
                let history = VariedHistory(length, over: .weeks, random: SeededRandom(seed: 8))
                _ = try await store.importRuns(history.imported, into: history.tenant)
                try await store.fileAll()
                let run = try #require(history.runs.first { $0.endedAt != nil })
                let before = try await store.write { $0.database.totalChangesCount }
                try await store.write { database in
                    var unfiling = RunUnfiling(database)
                    let number = try database.row("SELECT number FROM runs WHERE id = ?", run.id) { try $0.next(Int.self) }
                    let rows = try unfiling.remove(number ?? 0)
                    #expect(rows == 1 + Mark.all(of: run).count)
                    try unfiling.countRemoved()
                }
                costs.append(try await store.write { $0.database.totalChangesCount } - before)
            }
        }
        #expect(costs[1] < costs[0] * 4, "\(costs)")
    }
}

/// A mark, and the subject and the run that it is about.
private struct Mark: Hashable {
    var dimension: RunDimension
    var value: String
    var state: RunState
    var createdAt: Timestamp
    var id: String

    /// The marks of a run at rest, from what the API says about it.
    static func all(of run: WorkflowRun) -> Set<Mark> {
        let (origin, error) = (run.origin, run.error)
        let values: [(RunDimension, String?)] =
            [
                (.configuration, origin.configuration), (.principal, run.principal.id),
                (.attribution, error?.attribution?.rawValue),
                (.errorType, error?.type), (.schedule, origin.schedule), (.runMode, origin.runMode?.rawValue),
                (.retried, run.attempts > 1 ? String(min(run.attempts, 8)) : nil), (.warned, run.warnings > 0 ? "" : nil),
                (.runtime, run.runtime.map { RuntimeClass.subject(of: $0.milliseconds).value.text }),
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
                        dimension: dimension, value: $0, state: run.state, createdAt: run.createdAt, id: run.id.rawValue)
                }
            })
    }
}

extension SQLiteStore {
    func fileAll() async throws {
        while try await fileRunsAtRest() {}
    }

    func rows(of table: String) async throws -> Int {
        try await read { try Int.fetchOne($0.database, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    func unfiled() async throws -> Int {
        try await rows(of: "unfiled_runs")
    }

    /// Each filed run has one mark of its texts.
    func filed() async throws -> Int {
        try await rows(
            of: "run_marks AS m JOIN run_subjects AS s ON s.number = m.subject WHERE s.dimension = \(RunDimension.text.rawValue)")
    }

    func durations() async throws -> [String] {
        try await read { try String.fetchAll($0.database, sql: "SELECT id FROM run_durations ORDER BY id") }
    }

    fileprivate func marks() async throws -> Set<Mark> {
        let marks = try await read { database in
            try database.rows(
                """
                SELECT s.dimension, s.value, m.state, m.created_at, r.id
                FROM run_marks AS m CROSS JOIN run_subjects AS s ON s.number = m.subject CROSS JOIN runs AS r ON r.number = m.run
                WHERE r.tenant = s.tenant
                """
            ) { columns in
                Mark(
                    dimension: try #require(RunDimension(rawValue: try columns.next())), value: try columns.next(),
                    state: try columns.next(), createdAt: try columns.next(), id: try columns.next())
            }
        }
        #expect(try await rows(of: "run_marks") == marks.count)
        return Set(marks)
    }

    /// The counted runs of each subject.
    fileprivate func subjectCounts() async throws -> [String] {
        try await read { database in
            try database.rows(
                """
                SELECT s.tenant || '/' || s.dimension || '/' || s.value || ': ' || (c.scheduled + c.started + c.in_progress + c.running_with_failures
                    + c.stopping + c.canceled + c.succeeded + c.failed)
                FROM run_counts AS c CROSS JOIN run_subjects AS s ON s.number = -c.type
                WHERE c.type < 0 AND c.level = 0 ORDER BY s.tenant, s.dimension, s.value
                """
            ) { try $0.next() }
        }
    }

    fileprivate func tally(_ filter: RunFilter, of subject: RunSubject, in tenant: Tenant) async throws -> Int {
        try await read { database in
            let tenant = try #require(try database.number(of: tenant))
            guard let filter = try NumberedFilter(filter, tenant: tenant, database: database) else { return 0 }
            let number = try #require(try database.number(of: subject, in: tenant))
            return Int(try database.tally(RunSelection(filter, of: .subject(number), by: .created)).wrappedSum())
        }
    }

    func deleteAll(createdBefore cutoff: Timestamp) async throws {
        var place: RetentionPlace?
        repeat {
            let step = try await deleteEndedRunsOfAllTenants(createdBefore: cutoff, from: place, addingToStatistics: false)
            place = step.next
        } while place != nil
    }

    /// Expects that a check finds nothing, and that this many runs wait to be filed.
    fileprivate func expectRight(unfiled: Int) async throws {
        #expect(try await checkOfAllTenants(repairing: false, at: StoreBench.start) == [])
        #expect(try await self.unfiled() == unfiled)
    }
}
