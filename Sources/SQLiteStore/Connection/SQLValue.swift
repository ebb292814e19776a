import GRDBSQLite
import WorkflowModel

/// What a statement can be given and a row can hold: read and written through SQLite's own calls, without an object per row.
protocol SQLValue {
    /// - Returns: SQLite's result code.
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
    /// - Throws: ``StoreError/Code/damaged`` when the column holds what it never should.
    init(_ statement: OpaquePointer, column: Int32) throws
}

extension Int64: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self)
    }

    init(_ statement: OpaquePointer, column: Int32) {
        self = sqlite3_column_int64(statement, column)
    }
}

extension Int: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(self))
    }

    init(_ statement: OpaquePointer, column: Int32) {
        self = Int(sqlite3_column_int64(statement, column))
    }
}

extension Bool: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self ? 1 : 0)
    }

    init(_ statement: OpaquePointer, column: Int32) {
        self = sqlite3_column_int64(statement, column) != 0
    }
}

/// Tells SQLite to copy what it is given before the call returns.
private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

extension String: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // An empty buffer may have no address, and no address would bind NULL.
                guard let address = characters.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, copied) }
                return sqlite3_bind_text64(
                    statement, index, address, sqlite3_uint64(characters.count), copied, UInt8(SQLITE_UTF8))
            }
        }
    }

    init(_ statement: OpaquePointer, column: Int32) {
        guard let address = sqlite3_column_text(statement, column) else {
            self = ""
            return
        }
        let count = Int(sqlite3_column_bytes(statement, column))
        self = String(decoding: UnsafeBufferPointer(start: address, count: count), as: UTF8.self)
    }
}

extension [UInt8]: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        withUnsafeBytes { bytes in
            guard let address = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
            return sqlite3_bind_blob64(statement, index, address, sqlite3_uint64(bytes.count), copied)
        }
    }

    init(_ statement: OpaquePointer, column: Int32) {
        let address = sqlite3_column_blob(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        self = Array(UnsafeRawBufferPointer(start: address, count: address == nil ? 0 : count))
    }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch self {
        case .some(let value): value.bind(to: statement, at: index)
        case .none: sqlite3_bind_null(statement, index)
        }
    }

    init(_ statement: OpaquePointer, column: Int32) throws {
        self = sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : try Wrapped(statement, column: column)
    }
}

extension Timestamp: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        milliseconds.bind(to: statement, at: index)
    }

    init(_ statement: OpaquePointer, column: Int32) {
        self.init(milliseconds: Int64(statement, column: column))
    }
}

/// Whole milliseconds.
extension Duration: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        milliseconds.bind(to: statement, at: index)
    }

    init(_ statement: OpaquePointer, column: Int32) {
        self = .milliseconds(Int64(statement, column: column))
    }
}

extension JSONText: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        text.bind(to: statement, at: index)
    }

    init(_ statement: OpaquePointer, column: Int32) {
        self.init(validated: String(statement, column: column))
    }
}

/// Ids and names: their text.
extension SQLValue where Self: RawRepresentable, RawValue == String {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        rawValue.bind(to: statement, at: index)
    }

    init(_ statement: OpaquePointer, column: Int32) throws {
        let text = String(statement, column: column)
        guard let value = Self(rawValue: text) else { throw StoreError.unreadable("the word \"\(text)\"") }
        self = value
    }
}

extension RunID: SQLValue {}
extension TaskID: SQLValue {}
extension ConfigurationVersionID: SQLValue {}
extension RunMode: SQLValue {}
extension Attribution: SQLValue {}
extension AccessPolicy: SQLValue {}
extension ConfigurationSource.Format: SQLValue {}
