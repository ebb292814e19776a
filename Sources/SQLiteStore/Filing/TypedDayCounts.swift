import StoreCore
import WorkflowModel

/// A row of `typed_days`: the filed runs of a subject in a state, of a type, which were created on a day.
struct TypedDay: Hashable {
    var subject: Int
    var state: RunState
    /// Its first millisecond.
    var day: Int64
    var type: Int

    init(subject: Int, state: RunState, day: Int64, type: Int) {
        (self.subject, self.state, self.day, self.type) = (subject, state, day, type)
    }

    init(of run: FiledRun, under subject: Int) {
        (self.subject, state, type) = (subject, run.state, run.type)
        day = CountLevel.day.start(around: run.createdAt)
    }
}

enum TypedDayStatement {
    static let add = """
        INSERT INTO typed_days (subject, state, day, type, runs) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET runs = runs + excluded.runs
        """
    static let removeEmpty = "DELETE FROM typed_days WHERE subject = ? AND state = ? AND day = ? AND type = ? AND runs = 0"

    /// - Parameter choice: a condition on `type`.
    static func days(_ choice: String) -> String {
        "SELECT ifnull(sum(runs), 0) FROM typed_days WHERE subject = ? AND state = ? AND day >= ? AND day < ? AND \(choice)"
    }

    /// The runs of a part of a day, one by one.
    /// - Parameter choice: a condition on `r.type`.
    static func part(_ choice: String) -> String {
        """
        SELECT count(*) FROM run_marks AS f CROSS JOIN runs AS r ON r.number = f.run
        WHERE f.subject = ? AND f.state = ? AND f.created_at >= ? AND f.created_at < ? AND \(choice)
        """
    }
}

/// Changes of the counts by type. Texts have none: almost every run has its own.
struct TypedDayChanges {
    private var runs: [TypedDay: Int] = [:]

    mutating func add(_ number: Int, of run: FiledRun, under subject: Int, _ dimension: RunDimension) {
        guard dimension != .text else { return }
        runs[TypedDay(of: run, under: subject), default: 0] += number
    }

    /// In the order of their keys.
    fileprivate var sorted: [(day: TypedDay, runs: Int)] {
        runs.map { ($0.key, $0.value) }.sorted {
            ($0.day.subject, $0.day.state.code, $0.day.day, $0.day.type) < (
                $1.day.subject, $1.day.state.code, $1.day.day, $1.day.type
            )
        }
    }
}

extension DatabaseConnection {
    /// Runs of a subject in parts of days that are counted one by one, at most: some ten milliseconds.
    private static let mostInParts: Int64 = 20_000

    func apply(_ changes: TypedDayChanges) throws {
        let (add, remove) = (try prepared(TypedDayStatement.add), try prepared(TypedDayStatement.removeEmpty))
        for (day, runs) in changes.sorted where runs != 0 {
            try add.execute(day.subject, day.state, day.day, day.type, runs)
            if runs < 0 { try remove.execute(day.subject, day.state, day.day, day.type) }
        }
    }

    /// The filed runs of a subject that match the states, the types and the window on creation of a filter.
    /// - Returns: nil for a filter with a window on ends, and where too many runs would be counted one by one.
    func typedCounts(of subject: Int, _ filter: NumberedFilter) throws -> StateCounts? {
        guard filter.filter.ended == nil, let choice = filter.types.condition(on: "type") else { return nil }
        let span = TimeSpan(filter.filter.created)
        let days = span.wholeDays
        let parts = span.parts(beside: days)
        var selection = RunSelection(filter, of: .subject(subject), by: .created)
        var inParts: Int64 = 0
        for part in parts {
            selection.span = part
            inParts += try tally(selection).wrappedSum()
        }
        guard inParts <= Self.mostInParts else { return nil }
        var counts = StateCounts.zero
        let whole = try prepared(once: TypedDayStatement.days(choice))
        let single = try prepared(once: TypedDayStatement.part("r.\(choice)"))
        for state in filter.states {
            if !days.isEmpty { counts[state] += try whole.sum(subject, state, days) }
            for part in parts where inParts > 0 { counts[state] += try single.sum(subject, state, part) }
        }
        return counts
    }
}

extension PreparedStatement {
    fileprivate func sum(_ subject: Int, _ state: RunState, _ span: TimeSpan) throws -> Int64 {
        try rows(subject, state, span.lowerBound, span.upperBound) { try $0.next(Int64.self) }.first ?? 0
    }
}

extension NumberChoice {
    /// nil for any number.
    fileprivate func condition(on column: String) -> String? {
        func list(_ numbers: Set<Int>) -> String { numbers.sorted().map(String.init).joined(separator: ", ") }
        return switch self {
        case .any: nil
        case .of(let numbers): "\(column) IN (\(list(numbers)))"
        case .except(let numbers): "\(column) NOT IN (\(list(numbers)))"
        }
    }
}

extension TimeSpan {
    /// The days that lie in the span, from the first millisecond of the first one; empty without one.
    fileprivate var wholeDays: TimeSpan {
        let width = CountStep.day.width.milliseconds
        let first = CountLevel.day.start(around: lowerBound)
        let from = first < lowerBound ? first + width : first
        let to = CountLevel.day.start(around: upperBound)
        return from < to ? from..<to : lowerBound..<lowerBound
    }

    /// The parts of the span beside whole days.
    fileprivate func parts(beside days: TimeSpan) -> [TimeSpan] {
        guard !days.isEmpty else { return isEmpty ? [] : [self] }
        return [lowerBound..<days.lowerBound, days.upperBound..<upperBound].filter { !$0.isEmpty }
    }
}
