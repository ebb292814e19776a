public import WorkflowModel

/// A value as a statement takes it.
public enum SQLParameter: Sendable {
    case null
    case integer(Int64)
    case flag(Bool)
    case text(String)
    case bytes([UInt8])
}

/// How a column keeps its values. Databases that are told the types of parameters derive them from this.
public enum ColumnKind: Hashable, Sendable {
    case integer
    case flag
    case text
    case bytes
}

/// A value that a statement takes and a row holds. Every type is mapped to its column here, once for all stores.
public protocol SQLValue {
    static var kind: ColumnKind { get }
    var parameter: SQLParameter { get }
    init(from row: inout some RowReader) throws
}

extension Int64: SQLValue {
    @inlinable public static var kind: ColumnKind { .integer }
    @inlinable public var parameter: SQLParameter { .integer(self) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self = try row.integer()
    }
}

extension Int: SQLValue {
    @inlinable public static var kind: ColumnKind { .integer }
    @inlinable public var parameter: SQLParameter { .integer(Int64(self)) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self = Int(try row.integer())
    }
}

extension Bool: SQLValue {
    @inlinable public static var kind: ColumnKind { .flag }
    @inlinable public var parameter: SQLParameter { .flag(self) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self = try row.flag()
    }
}

extension String: SQLValue {
    @inlinable public static var kind: ColumnKind { .text }
    @inlinable public var parameter: SQLParameter { .text(self) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self = try row.text()
    }
}

extension [UInt8]: SQLValue {
    @inlinable public static var kind: ColumnKind { .bytes }
    @inlinable public var parameter: SQLParameter { .bytes(self) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self = try row.bytes()
    }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    @inlinable public static var kind: ColumnKind { Wrapped.kind }
    @inlinable public var parameter: SQLParameter { self?.parameter ?? .null }

    @inlinable
    public init(from row: inout some RowReader) throws {
        if row.isNull {
            row.skip()
            self = nil
        } else {
            self = try Wrapped(from: &row)
        }
    }
}

/// Milliseconds since 1970.
extension Timestamp: SQLValue {
    @inlinable public static var kind: ColumnKind { .integer }
    @inlinable public var parameter: SQLParameter { .integer(milliseconds) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self.init(milliseconds: try row.integer())
    }
}

/// Whole milliseconds.
extension Duration: SQLValue {
    @inlinable public static var kind: ColumnKind { .integer }
    @inlinable public var parameter: SQLParameter { .integer(milliseconds) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self = .milliseconds(try row.integer())
    }
}

extension JSONText: SQLValue {
    @inlinable public static var kind: ColumnKind { .text }
    @inlinable public var parameter: SQLParameter { .text(text) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self.init(validated: try row.text())
    }
}

/// The text of ``RunLabels/storedText``, or NULL without labels.
extension RunLabels: SQLValue {
    @inlinable public static var kind: ColumnKind { .text }
    public var parameter: SQLParameter { storedText.map { .text($0) } ?? .null }

    @inlinable
    public init(from row: inout some RowReader) throws {
        if row.isNull {
            row.skip()
            self = RunLabels()
        } else {
            self = try Self.stored(row.text())
        }
    }

    @usableFromInline
    static func stored(_ text: String) throws -> RunLabels {
        guard let labels = RunLabels(storedText: text) else { throw StoreError.unreadable("the labels \"\(text)\"") }
        return labels
    }
}

/// The text of ``RunParameters/storedText``, or NULL without parameters.
extension RunParameters: SQLValue {
    @inlinable public static var kind: ColumnKind { .text }
    public var parameter: SQLParameter { storedText.map { .text($0) } ?? .null }

    @inlinable
    public init(from row: inout some RowReader) throws {
        if row.isNull {
            row.skip()
            self = RunParameters()
        } else {
            self = try Self.stored(row.text())
        }
    }

    @usableFromInline
    static func stored(_ text: String) throws -> RunParameters {
        guard let parameters = RunParameters(storedText: text) else { throw StoreError.unreadable("the parameters of a run") }
        return parameters
    }
}

/// The JSON object of ``RunTrigger/json``.
extension RunTrigger: SQLValue {
    @inlinable public static var kind: ColumnKind { .text }
    public var parameter: SQLParameter { .text(json.text) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        self = try Self.stored(row.text())
    }

    @usableFromInline
    static func stored(_ text: String) throws -> RunTrigger {
        guard let trigger = RunTrigger(storedText: text) else { throw StoreError.unreadable("the trigger of a run") }
        return trigger
    }
}

/// The text of ``TaskWarnings/storedText``, or NULL without warnings.
extension TaskWarnings: SQLValue {
    @inlinable public static var kind: ColumnKind { .text }
    public var parameter: SQLParameter { storedText.map { .text($0) } ?? .null }

    @inlinable
    public init(from row: inout some RowReader) throws {
        if row.isNull {
            row.skip()
            self = TaskWarnings()
        } else {
            self = try Self.stored(row.text())
        }
    }

    @usableFromInline
    static func stored(_ text: String) throws -> TaskWarnings {
        guard let warnings = TaskWarnings(storedText: text) else { throw StoreError.unreadable("the warnings \"\(text)\"") }
        return warnings
    }
}

/// Ids and names are kept as their text.
extension SQLValue where Self: RawRepresentable, RawValue == String {
    @inlinable public static var kind: ColumnKind { .text }
    @inlinable public var parameter: SQLParameter { .text(rawValue) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        let text = try row.text()
        guard let value = Self(rawValue: text) else { throw StoreError.unreadable("the word \"\(text)\"") }
        self = value
    }
}

extension RunID: SQLValue {}
extension TaskID: SQLValue {}
extension ConfigurationVersionID: SQLValue {}
extension AuditEventID: SQLValue {}
extension RunMode: SQLValue {}
extension Resolution: SQLValue {}
extension Attribution: SQLValue {}
extension AccessPolicy: SQLValue {}
extension ConfigurationSource.Format: SQLValue {}
extension AlertEvent: SQLValue {}
extension AlertReceiver.Kind: SQLValue {}
extension Alert.State: SQLValue {}
extension TickOutcome: SQLValue {}
extension TickReason: SQLValue {}
extension FiringOutcome: SQLValue {}

/// NULL for the default.
extension TaskCondition: SQLValue {
    @inlinable public static var kind: ColumnKind { .text }
    public var parameter: SQLParameter { self == .success ? .null : .text(rawValue) }

    @inlinable
    public init(from row: inout some RowReader) throws {
        if row.isNull {
            row.skip()
            self = .success
        } else {
            self = try Self.stored(row.text())
        }
    }

    @usableFromInline
    static func stored(_ text: String) throws -> TaskCondition {
        guard let condition = TaskCondition(rawValue: text) else { throw StoreError.unreadable("the condition \"\(text)\"") }
        return condition
    }
}
