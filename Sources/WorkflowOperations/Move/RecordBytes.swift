import WorkflowModel

/// The bytes of a record: equal for equal records of any store, different for different records.
struct RecordBytes {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: Int64(truncatingIfNeeded: number).littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The length comes first, so that two different pairs of texts never have the same bytes.
    mutating func add(_ text: String) {
        add(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func add(_ raw: [UInt8]) {
        add(raw.count)
        bytes.append(contentsOf: raw)
    }

    mutating func add(_ instant: Timestamp) {
        add(instant.milliseconds)
    }

    /// The first byte tells nil from every value.
    mutating func add<Value>(_ value: Value?, _ add: (inout RecordBytes, Value) -> Void) {
        guard let value else { return bytes.append(0) }
        bytes.append(1)
        add(&self, value)
    }

    mutating func add(_ text: String?) {
        add(text) { $0.add($1) }
    }

    mutating func add(_ instant: Timestamp?) {
        add(instant) { $0.add($1) }
    }

    mutating func add(_ duration: Duration?) {
        add(duration) { $0.add($1.milliseconds) }
    }

    mutating func add(_ principal: Principal) {
        add(principal.id)
        add(principal.name)
        add(principal.email)
    }

    mutating func add(_ error: RunError?) {
        add(error) { bytes, error in
            bytes.add(error.attribution?.rawValue)
            bytes.add(error.type)
            bytes.add(error.message)
            bytes.add(error.data?.text)
        }
    }
}
