public import NIOCore
public import WorkflowModel

/// Writes JSON straight into memory, without a tree in between. Members appear in the order in which they are written.
public struct JSONWriter {
    /// An array rather than a buffer of NIO's, whose every write costs several times as much as a short name does.
    private var bytes: [UInt8] = []
    /// Whether something stands before the next value or name that a comma has to part it from.
    private var needsComma = false

    /// - Parameter capacity: bytes that are likely to be needed.
    public init(capacity: Int = 1_024) {
        bytes.reserveCapacity(capacity)
    }

    /// What has been written.
    public var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }

    /// One whole answer.
    public static func document(capacity: Int = 1_024, _ write: (inout JSONWriter) -> Void) -> ByteBuffer {
        var writer = JSONWriter(capacity: capacity)
        write(&writer)
        return writer.buffer
    }

    // MARK: Structure

    public mutating func object(_ write: (inout JSONWriter) -> Void) {
        open("{")
        write(&self)
        close("}")
    }

    public mutating func array<Elements: Sequence>(
        of elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void
    ) {
        open("[")
        for element in elements { write(&self, element) }
        close("]")
    }

    /// The name of the member whose value is written next.
    public mutating func name(_ name: StaticString) {
        separate()
        put("\"")
        put(name)
        put("\":")
        needsComma = false
    }

    // MARK: Values

    public mutating func string(_ value: String) {
        separate()
        var value = value
        value.withUTF8 { writeQuoted($0) }
        needsComma = true
    }

    public mutating func timestamp(_ value: Timestamp) {
        separate()
        put("\"")
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.iso8601Length) { text in
            text.initialize(repeating: 0)
            value.writeISO8601 { index, byte in text[index] = byte }
            bytes.append(contentsOf: text)
        }
        put("\"")
        needsComma = true
    }

    public mutating func integer(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
        needsComma = true
    }

    public mutating func boolean(_ value: Bool) {
        separate()
        put(value ? "true" : "false")
        needsComma = true
    }

    /// A value that is JSON already.
    public mutating func json(_ value: JSONText) {
        separate()
        bytes.append(contentsOf: value.text.utf8)
        needsComma = true
    }

    // MARK: Members; what is nil is left out

    public mutating func member(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        self.name(name)
        string(value)
    }

    public mutating func member(_ name: StaticString, _ value: Timestamp?) {
        guard let value else { return }
        self.name(name)
        timestamp(value)
    }

    public mutating func member(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        self.name(name)
        integer(value)
    }

    /// Whole milliseconds.
    public mutating func member(_ name: StaticString, _ value: Duration?) {
        guard let value else { return }
        self.name(name)
        integer(value.milliseconds)
    }

    // MARK: Bytes

    private mutating func open(_ bracket: StaticString) {
        separate()
        put(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: StaticString) {
        put(bracket)
        needsComma = true
    }

    @inline(__always)
    private mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func separate() {
        if needsComma { put(",") }
    }

    /// Escapes what RFC 8259, section 7, asks for, and nothing else.
    private mutating func writeQuoted(_ text: UnsafeBufferPointer<UInt8>) {
        put("\"")
        var start = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[start..<index])
            writeEscape(of: byte)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
        put("\"")
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): put("\\\"")
        case UInt8(ascii: "\\"): put("\\\\")
        case UInt8(ascii: "\n"): put("\\n")
        case UInt8(ascii: "\r"): put("\\r")
        case UInt8(ascii: "\t"): put("\\t")
        default:
            put("\\u00")
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 0xF)])
        }
    }
}
