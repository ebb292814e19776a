import WorkflowModel

/// Writes a record as bytes that are the same for the same record and for no other, whichever store handed it out.
struct RecordBytes {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: Int64(truncatingIfNeeded: number).littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// With its length before it, so that two texts are never read as two others.
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

    /// What is not there is told from everything that could be.
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
            bytes.add(error.attribution.rawValue)
            bytes.add(error.type)
            bytes.add(error.message)
            bytes.add(error.data?.text)
        }
    }
}
