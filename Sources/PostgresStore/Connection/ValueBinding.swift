import WorkflowModel

/// Values on their way to the server: their bytes one after the other, and where each begins.
struct ValueBinding {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private let formats: [Int32]

    init(_ values: [any SQLValue]) {
        for value in values {
            let begin = bytes.count
            let isPresent = value.write(to: &bytes)
            offsets.append(isPresent ? begin : nil)
            lengths.append(Int32(clamping: bytes.count - begin))
        }
        formats = Array(repeating: 1, count: values.count)
        // An empty value at the end has an address, too: no address would mean NULL.
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

/// One column of the rows that a statement is given all at once, for `unnest`.
struct Column<Value: SQLValue>: SQLValue {
    private let values: [Value]

    init(_ values: [Value]) {
        self.values = values
    }

    static var type: SQLType { Value.type.array }

    /// A one-dimensional array whose first index is 1.
    func write(to bytes: inout [UInt8]) -> Bool {
        func append(_ number: Int32) {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        append(values.isEmpty ? 0 : 1)
        let nulls = bytes.count
        append(0)
        append(Int32(bitPattern: Value.type.rawValue))
        guard !values.isEmpty else { return true }
        append(Int32(clamping: values.count))
        append(1)
        for value in values {
            let length = bytes.count
            append(-1)
            if value.write(to: &bytes) {
                let written = Int32(clamping: bytes.count - length - 4)
                withUnsafeBytes(of: written.bigEndian) { bytes.replaceSubrange(length..<length + 4, with: $0) }
            } else {
                bytes[nulls + 3] = 1
            }
        }
        return true
    }

    init(_ field: SQLField) throws {
        throw StoreError.unreadable("an array")
    }
}
