import StoreCore
import WorkflowModel

/// Verifies marks, durations and indexes of texts against the runs at rest, each of which is either filed or waits for it.
struct FilingAudit {
    static let runs = FiledRunStatement.all(
        """
        \(FiledRunStatement.columns),
        EXISTS (
            SELECT 1 FROM run_durations AS d
            WHERE d.tenant = r.tenant AND d.runtime_ms = r.runtime_ms AND d.id = r.id AND d.run = r.number),
        EXISTS (SELECT 1 FROM unfiled_runs AS u WHERE u.run = r.number),
        EXISTS (SELECT 1 FROM older_runs AS o WHERE r.number BETWEEN o.next AND o.last)
        """)
    static let mark = "SELECT 1 FROM run_marks WHERE subject = ? AND state = ? AND created_at = ? AND run = ?"
    static let durations = "SELECT count(*) FROM run_durations"
    static let marks = "SELECT count(*) FROM run_marks"
    static let typedDays = "SELECT subject, state, day, type, runs FROM typed_days"
    static let strays = """
        SELECT count(*) FROM unfiled_runs AS u LEFT JOIN runs AS r ON r.number = u.run
        WHERE r.number IS NULL OR NOT \(FiledRunStatement.isAtRest)
        """

    /// Runs that are not filed as they should be, and rows without a run.
    private(set) var places = 0
    private let database: DatabaseConnection
    /// The rows that were found through their runs. Every other row is one too many.
    private var found = (durations: 0, marks: 0)
    /// The sum over the marks that were found, by which their counts by type are compared: those of a long history are too many to keep.
    private var typed = TypedDaySum()
    /// The subjects whose texts were found in their index.
    private var indexed: Set<Int> = []

    init(_ database: DatabaseConnection) throws {
        self.database = database
        var subjects = SubjectNumbers(database)
        try database.prepared(Self.runs).forEachRow { columns in
            let run = try columns.nextFiledRun()
            let (hasDuration, marks) = (try columns.next(Bool.self), try self.marks(of: run, &subjects))
            let (isUnfiled, isOlder) = (try columns.next(Bool.self), try columns.next(Bool.self))
            found.durations += hasDuration ? 1 : 0
            found.marks += marks
            let waits = !hasDuration && marks == 0 && (isUnfiled || isOlder)
            let isFiled = hasDuration == (run.endedAt != nil) && marks == run.subjects.count
            let isRight = try waits || (isFiled && !isUnfiled && isIndexed(run, &subjects))
            if !isRight { places += 1 }
        }
        places += try count(Self.durations) - found.durations
        places += try count(Self.marks) - found.marks
        places += try count(Self.strays)
        var kept = TypedDaySum()
        try database.prepared(Self.typedDays).forEachRow { columns in
            let day = TypedDay(
                subject: try columns.next(), state: try columns.next(), day: try columns.next(), type: try columns.next())
            kept.add(try columns.next(), at: day)
        }
        if kept != typed { places += 1 }
    }

    /// How many of its marks a run has.
    private mutating func marks(of run: FiledRun, _ subjects: inout SubjectNumbers) throws -> Int {
        var found = 0
        for subject in run.subjects {
            guard let number = try subjects.number(of: subject, in: run.tenant),
                try database.row(Self.mark, number, run.state, run.createdAt, run.number, decode: { _ in true }) != nil
            else { continue }
            found += 1
            if subject.dimension != .text { typed.add(1, at: TypedDay(of: run, under: number)) }
        }
        return found
    }

    /// Whether the indexes of trigrams have the id and the texts of a run.
    private mutating func isIndexed(_ run: FiledRun, _ subjects: inout SubjectNumbers) throws -> Bool {
        guard try database.isIndexed(run), let text = try subjects.number(of: RunSubject(of: run.text), in: run.tenant)
        else { return false }
        guard indexed.insert(text).inserted else { return true }
        return try database.isIndexed(run.text, of: text, in: run.tenant)
    }

    private func count(_ statement: String) throws -> Int {
        try database.row(statement) { try $0.next() } ?? 0
    }
}

/// A sum over counts by type, in any order. Sums of different counts are different, but for one case in 2^64.
private struct TypedDaySum: Equatable {
    private var sum: UInt64 = 0

    mutating func add(_ runs: Int, at day: TypedDay) {
        var value: UInt64 = 0
        for part in [UInt64(bitPattern: Int64(day.subject)), UInt64(day.state.code), UInt64(bitPattern: day.day), UInt64(day.type)]
        {
            value = Self.mixed(value &+ part)
        }
        sum &+= value &* UInt64(bitPattern: Int64(runs))
    }

    /// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
    private static func mixed(_ number: UInt64) -> UInt64 {
        var number = number &+ 0x9E37_79B9_7F4A_7C15
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return number ^ (number >> 31)
    }
}
