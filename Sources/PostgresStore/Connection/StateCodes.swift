import WorkflowModel

// States are small numbers in the database, because they are part of every other index entry. The numbers are for ever;
// migration 1 lists them too.

extension RunState: SQLValue {
    var code: Int64 {
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

    private static let byCode = allCases.sorted { $0.code < $1.code }

    static var type: SQLType { .int8 }

    func write(to bytes: inout [UInt8]) -> Bool {
        code.write(to: &bytes)
    }

    init(_ field: SQLField) throws {
        let code = try Int(field)
        guard Self.byCode.indices.contains(code) else { throw StoreError.unreadable("a run in state \(code)") }
        self = Self.byCode[code]
    }
}

extension TaskState: SQLValue {
    var code: Int64 {
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

    private static let byCode = allCases.sorted { $0.code < $1.code }

    static var type: SQLType { .int8 }

    func write(to bytes: inout [UInt8]) -> Bool {
        code.write(to: &bytes)
    }

    init(_ field: SQLField) throws {
        let code = try Int(field)
        guard Self.byCode.indices.contains(code) else { throw StoreError.unreadable("a task in state \(code)") }
        self = Self.byCode[code]
    }
}
