import StoreCore
import WorkflowModel

/// The limits of filing.
enum FilingLimits {
    /// Runs that a step files: it takes some ten milliseconds.
    static let runs = 500
    /// Bytes of the texts of a step, unless one run has more. When all texts are new, indexing so many takes some tenths of a second.
    static let textBytes = 1 << 18
    /// Subjects of deleted runs that a step looks at.
    static let subjects = 500
}

enum FilingStatement {
    /// The advisory lock of transactions that change marks: one node files at a time, and what deletes runs waits for its step.
    static let lock = 0x6669_6C65

    /// The oldest of the tenant with the lowest number.
    static let unfiled = """
        SELECT tenant, run, run_created_at FROM unfiled_runs ORDER BY tenant, run_created_at, run LIMIT $1
        """
    static let note = "INSERT INTO unfiled_runs (tenant, run_created_at, run) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    static let anyUnfiled = "SELECT 1 FROM unfiled_runs ORDER BY tenant LIMIT 1"
    static let countUnfiled = "SELECT count(*) FROM (SELECT 1 FROM unfiled_runs ORDER BY tenant LIMIT $1) AS u"
    static let countBehind = """
        SELECT count(*) FROM (
            SELECT 1 FROM runs WHERE (tenant, created_at, id) > ($1, $2, $3) ORDER BY tenant, created_at, id LIMIT $4) AS r
        """
    static let older = "SELECT tenant, run, run_created_at FROM older_runs WHERE is_only"
    static let runsBehind = """
        SELECT tenant, id, created_at FROM runs WHERE (tenant, created_at, id) > ($1, $2, $3)
        ORDER BY tenant, created_at, id LIMIT $4
        """
    static let takeFiled = """
        DELETE FROM unfiled_runs AS u USING unnest($1, $2, $3) AS c (tenant, id, created_at)
        WHERE u.tenant = c.tenant AND u.run_created_at = c.created_at AND u.run = c.id
        """
    static let continueOlder = "UPDATE older_runs SET tenant = $1, run_created_at = $2, run = $3 WHERE is_only"
    static let endOlder = "DELETE FROM older_runs WHERE is_only"

    /// Adds marks, and counts those that were not there.
    static let addMarks = """
        WITH added AS (
            INSERT INTO run_marks (subject, state, run_created_at, run, run_ended_at, indexed_id, type)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING RETURNING subject, state, run_created_at, type)
        INSERT INTO subject_days AS d (subject, state, day, type, runs)
        SELECT subject, state, \(day), type, count(*) FROM added GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (subject, state, day, type) DO UPDATE SET runs = d.runs + excluded.runs
        """
    static let removeMarks = """
        WITH removed AS (
            DELETE FROM run_marks AS m USING unnest($1, $2, $3, $4) AS c (subject, state, created_at, run)
            WHERE m.subject = c.subject AND m.state = c.state AND m.run_created_at = c.created_at AND m.run = c.run
                AND m.run_created_at BETWEEN $5 AND $6
            RETURNING m.subject, m.state, m.run_created_at, m.type),
        days AS (SELECT subject, state, \(day) AS day, type, count(*) AS runs FROM removed GROUP BY 1, 2, 3, 4)
        UPDATE subject_days AS d SET runs = d.runs - c.runs FROM days AS c
        WHERE d.subject = c.subject AND d.state = c.state AND d.day = c.day AND d.type = c.type AND d.day BETWEEN $7 AND $6
        """

    private static let width = CountStep.day.width.milliseconds
    /// The remainder of a negative time is negative.
    static let day = "run_created_at - (run_created_at % \(width) + \(width)) % \(width)"
}

/// Filing: a run at rest never changes, so what lists need beside time, state and type is written once, after its end or import.
///
/// A trigger notes a run that ends or is imported in `unfiled_runs`. Later, a step takes some of them in one transaction: it writes a row of
/// `run_marks` for each subject of a run, and counts it in `subject_days`. A run is always in one of both, which a list merges.
/// Texts of runs are written to `subject_texts` with their subject.
extension PostgresConnection {
    /// Whether runs are left to file.
    func hasRunsToFile() throws -> Bool {
        if try row(FilingStatement.anyUnfiled, decode: { _ in true }) != nil { return true }
        if try hasOlderRuns() { return true }
        return try row(SubjectStatement.anyTouched, decode: { _ in true }) != nil
    }

    /// Whether some runs of an earlier version are not filed, so that lists cannot use marks.
    func hasOlderRuns() throws -> Bool {
        try row(FilingStatement.older, decode: { _ in true }) != nil
    }

    /// Runs that are noted and older may be counted twice.
    func runsToFile(countingTo limit: Int) throws -> Int {
        let unfiled = try row(FilingStatement.countUnfiled, limit) { try $0.next(Int.self) } ?? 0
        guard unfiled < limit, let place = try row(FilingStatement.older, decode: { try $0.nextRunKey() }) else { return unfiled }
        let older = try row(FilingStatement.countBehind, place.tenant, place.createdAt, place.id, limit) { try $0.next(Int.self) }
        return min(unfiled + (older ?? 0), limit)
    }

    /// Files some runs at rest in a transaction. Those that were there before filing come later, and subjects of deleted runs last.
    /// - Returns: whether more are left for this node.
    func fileRuns() throws -> Bool {
        let isAlone = try row("SELECT pg_try_advisory_xact_lock($1)", FilingStatement.lock) { try $0.next(Bool.self) }
        guard isAlone == true else { return false }
        let noted = try rows(FilingStatement.unfiled, FilingLimits.runs) { try $0.nextRunKey() }
        if !noted.isEmpty {
            let taken = try fitting(noted)
            let runs = try runsAtRest(taken)
            try change(FilingStatement.takeFiled, values: Array(taken.columns.prefix(3)))
            try file(runs)
        } else if try hasOlderRuns() {
            try fileOlderRuns()
        } else {
            try removeEmptySubjects()
        }
        return try hasRunsToFile()
    }

    private func fileOlderRuns() throws {
        guard let place = try row(FilingStatement.older, decode: { try $0.nextRunKey() }) else { return }
        let keys = try rows(FilingStatement.runsBehind, place.tenant, place.createdAt, place.id, FilingLimits.runs) {
            try $0.nextRunKey()
        }
        let taken = try fitting(keys)
        let runs = try runsAtRest(taken)
        // After they were read: those that ended meanwhile keep their rows, and are filed by another step.
        if !runs.isEmpty { try change(FilingStatement.takeFiled, values: Array(runs.map(\.key).columns.prefix(3))) }
        try file(runs)
        if taken.count < keys.count || keys.count == FilingLimits.runs, let last = taken.last {
            try change(FilingStatement.continueOlder, last.tenant, last.createdAt, last.id)
        } else {
            try change(FilingStatement.endOlder)
        }
    }

    /// The first of some runs, with as many bytes of texts as a step takes.
    private func fitting(_ keys: [RunKey]) throws -> [RunKey] {
        guard !keys.isEmpty else { return [] }
        let bytes = try rows(FiledRunStatement.textBytes, values: keys.columns) { (try $0.nextRunKey(), try $0.next(Int.self)) }
        let known = Dictionary(bytes, uniquingKeysWith: +)
        var sum = 0
        return Array(
            keys.prefix { key in
                defer { sum += known[key] ?? 0 }
                return sum < FilingLimits.textBytes
            })
    }

    private func runsAtRest(_ keys: [RunKey]) throws -> [FiledRun] {
        guard !keys.isEmpty else { return [] }
        return try rows(FiledRunStatement.byKeys, values: keys.columns) { try $0.nextFiledRun() }.compactMap(\.self)
    }

    private func file(_ runs: [FiledRun]) throws {
        guard !runs.isEmpty else { return }
        let marks = marks(of: runs, under: try numbersOrNew(of: runs))
        try change(
            FilingStatement.addMarks,
            values: marks.keys + [Column(marks.map(\.endedAt)), Column(marks.map(\.indexedID)), Column(marks.map(\.type))])
    }

    /// Keeps other transactions from changing marks until the end of this one, which deletes runs. Called before it locks a run.
    func lockMarks() throws {
        _ = try execute("SELECT pg_advisory_xact_lock($1)", [FilingStatement.lock])
    }

    /// Removes what is filed about runs, in the transaction that deletes them.
    func unfile(_ runs: [FiledRun]) throws {
        let marks = marks(of: runs, under: try numbers(of: Set(runs.flatMap(\.placedSubjects))))
        guard let first = marks.map(\.run.createdAt).min(), let last = marks.map(\.run.createdAt).max() else { return }
        try change(FilingStatement.removeMarks, values: marks.keys + [first, last, CountStep.day.start(of: first)])
        try change(SubjectStatement.touch, Column(Set(marks.map(\.subject)).sorted()))
    }

    /// Takes back what is filed about a run that changes, so that it is filed again.
    func fileAgain(_ run: RunKey) throws {
        try unfile(try runsAtRest([run]))
        try change(FilingStatement.note, run.tenant, run.createdAt, run.id)
    }

    /// In the order of their keys.
    private func marks(of runs: [FiledRun], under numbers: [PlacedSubject: Int]) -> [RunMark] {
        runs.flatMap { run in
            run.subjects.compactMap { subject in
                numbers[PlacedSubject(tenant: run.key.tenant, subject: subject)].map {
                    RunMark(of: run, under: subject, numbered: $0)
                }
            }
        }.sorted {
            ($0.subject, $0.state.code, $0.run.createdAt, $0.run.id.rawValue)
                < ($1.subject, $1.state.code, $1.run.createdAt, $1.run.id.rawValue)
        }
    }

    /// Removes all that is filed, so that all runs are filed again in the background. Lists are searched until then.
    func fileAgain() throws {
        try lockMarks()
        try control("TRUNCATE run_marks, subject_days, run_subjects, subject_texts, touched_subjects")
        try change(
            """
            INSERT INTO older_runs (tenant, run_created_at, run) VALUES (0, 0, '')
            ON CONFLICT (is_only) DO UPDATE SET tenant = 0, run_created_at = 0, run = ''
            """)
    }
}
