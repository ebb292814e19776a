import GRDBSQLite
import StoreCore

/// Reads the columns of a row through SQLite's own calls, without an object per row.
struct ColumnReader: RowReader {
    private let statement: OpaquePointer
    private var column: Int32 = 0

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    var isNull: Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    mutating func skip() {
        column += 1
    }

    mutating func integer() -> Int64 {
        defer { column += 1 }
        return sqlite3_column_int64(statement, column)
    }

    mutating func flag() -> Bool { integer() != 0 }

    mutating func text() -> String {
        defer { column += 1 }
        guard let address = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: address, count: count), as: UTF8.self)
    }

    mutating func bytes() -> [UInt8] {
        defer { column += 1 }
        let address = sqlite3_column_blob(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        return Array(UnsafeRawBufferPointer(start: address, count: address == nil ? 0 : count))
    }
}
