import StoreCore
import WorkflowModel

/// Values for the server: their bytes one after the other, and where each begins.
struct ValueBinding {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private let formats: [Int32]

    init(_ values: [any SQLValue]) {
        for value in values {
            let begin = bytes.count
            let isPresent = value.parameter.write(to: &bytes)
            offsets.append(isPresent ? begin : nil)
            lengths.append(Int32(clamping: bytes.count - begin))
        }
        formats = Array(repeating: 1, count: values.count)
        // An empty last value needs an address as well: no address would mean NULL.
        bytes.append(0)
    }

    var count: Int { offsets.count }

    func withPointers(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Int32
    ) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            let pointers = offsets.map { offset in offset.flatMap { base?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress, lengths, formats) }
        }
    }
}

extension SQLParameter {
    /// Appends the value in PostgreSQL's binary form. Whole numbers take eight bytes.
    /// - Returns: false for NULL, which has no bytes.
    fileprivate func write(to bytes: inout [UInt8]) -> Bool {
        switch self {
        case .null: return false
        case .integer(let value): withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
        case .flag(let value): bytes.append(value ? 1 : 0)
        case .text(let text): EscapedText.append(text, to: &bytes)
        case .bytes(let value): bytes.append(contentsOf: value)
        }
        return true
    }
}

/// A parameter that is an array.
protocol ColumnParameter {
    var elementKind: ColumnKind { get }
}

/// A column of many rows as one array parameter, for `unnest`.
struct Column<Value: SQLValue>: SQLValue, ColumnParameter {
    private let values: [Value]?

    /// - Parameter values: nil for NULL.
    init(_ values: [Value]?) {
        self.values = values
    }

    var elementKind: ColumnKind { Value.kind }

    /// The kind of its binary form. The array type follows from ``elementKind``.
    static var kind: ColumnKind { .bytes }

    /// A one-dimensional array whose first index is 1.
    var parameter: SQLParameter {
        guard let values else { return .null }
        var bytes: [UInt8] = []
        func append(_ number: Int32) {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        append(values.isEmpty ? 0 : 1)
        let nulls = bytes.count
        append(0)
        append(Int32(bitPattern: SQLType(Value.kind).rawValue))
        guard !values.isEmpty else { return .bytes(bytes) }
        append(Int32(clamping: values.count))
        append(1)
        for value in values {
            let length = bytes.count
            append(-1)
            if value.parameter.write(to: &bytes) {
                let written = Int32(clamping: bytes.count - length - 4)
                withUnsafeBytes(of: written.bigEndian) { bytes.replaceSubrange(length..<length + 4, with: $0) }
            } else {
                bytes[nulls + 3] = 1
            }
        }
        return .bytes(bytes)
    }

    init(from row: inout some RowReader) throws {
        throw StoreError.unreadable("an array")
    }
}
