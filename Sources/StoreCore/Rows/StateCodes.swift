public import WorkflowModel

// States are small numbers in the database, because they are part of every other index entry. The numbers never change;
// migration 1 of each store lists them too.

/// A state that is kept as a number, from 0 up without gaps.
public protocol StateCode: SQLValue, CaseIterable {
    /// `run` or `task`, for messages.
    static var subject: String { get }
    static var byCode: [Self] { get }
    var code: Int64 { get }
}

extension StateCode {
    @inlinable public static var kind: ColumnKind { .integer }
    @inlinable public var parameter: SQLParameter { .integer(code) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        let code = Int(try row.integer())
        guard Self.byCode.indices.contains(code) else { throw StoreError.unreadable("a \(Self.subject) in state \(code)") }
        self = Self.byCode[code]
    }
}

extension RunState: StateCode {
    public static var subject: String { "run" }

    public var code: Int64 {
        switch self {
        case .scheduled: 0
        case .started: 1
        case .inProgress: 2
        case .runningWithFailures: 3
        case .stopping: 4
        case .canceled: 5
        case .succeeded: 6
        case .failed: 7
        }
    }

    public static let byCode = allCases.sorted { $0.code < $1.code }
}

extension TaskState: StateCode {
    public static var subject: String { "task" }

    public var code: Int64 {
        switch self {
        case .scheduled: 0
        case .started: 1
        case .inProgress: 2
        case .running: 3
        case .finalizing: 4
        case .stopping: 5
        case .canceled: 6
        case .succeeded: 7
        case .failed: 8
        case .skipped: 9
        }
    }

    public static let byCode = allCases.sorted { $0.code < $1.code }
}

extension Set<TaskState> {
    /// A bit for each state.
    public var mask: Int { reduce(0) { $0 | 1 << Int($1.code) } }
}
