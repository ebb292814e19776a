import StoreCore
import WorkflowModel

/// Reads the columns of a row in PostgreSQL's binary form.
struct ColumnReader: RowReader {
    private let result: QueryResult
    private let row: Int32
    private var column: Int32 = 0

    init(_ result: QueryResult, row: Int32) {
        self.result = result
        self.row = row
    }

    var isNull: Bool { result.isNull(row: row, column: column) }

    mutating func skip() {
        column += 1
    }

    /// Whole numbers have as many bytes as their column's type.
    mutating func integer() throws -> Int64 {
        let bytes = try field()
        let negative: Int64 = (bytes.first ?? 0) & 0x80 == 0 ? 0 : -1
        return bytes.reduce(negative) { $0 << 8 | Int64($1) }
    }

    mutating func flag() throws -> Bool {
        try field().first == 1
    }

    mutating func text() throws -> String {
        EscapedText.text(try field())
    }

    mutating func bytes() throws -> [UInt8] {
        Array(try field())
    }

    /// The bytes are valid for as long as the result.
    private mutating func field() throws -> UnsafeRawBufferPointer {
        defer { column += 1 }
        guard let bytes = result.bytes(row: row, column: column) else {
            throw StoreError.unreadable("NULL where a value has to be")
        }
        return bytes
    }
}
