public import NIOCore
public import WorkflowModel

/// Writes JSON straight into a buffer, without a tree in between. Members appear in the order in which they are written.
public struct JSONWriter {
    public private(set) var buffer: ByteBuffer
    /// Whether something stands before the next value or name that a comma has to part it from.
    private var needsComma = false

    /// - Parameter capacity: bytes that are likely to be needed.
    public init(capacity: Int = 1_024) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

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
        buffer.writeStaticString("\"")
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
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
        buffer.writeStaticString("\"")
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Timestamp.iso8601Length) { bytes in
            value.writeISO8601 { index, byte in bytes[index] = byte }
            return Timestamp.iso8601Length
        }
        buffer.writeStaticString("\"")
        needsComma = true
    }

    public mutating func integer(_ value: some BinaryInteger) {
        separate()
        buffer.writeString(String(value))
        needsComma = true
    }

    public mutating func boolean(_ value: Bool) {
        separate()
        buffer.writeStaticString(value ? "true" : "false")
        needsComma = true
    }

    /// A value that is JSON already.
    public mutating func json(_ value: JSONText) {
        separate()
        buffer.writeString(value.text)
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
        buffer.writeStaticString(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: StaticString) {
        buffer.writeStaticString(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeStaticString(",") }
    }

    /// Escapes what RFC 8259, section 7, asks for, and nothing else.
    private mutating func writeQuoted(_ bytes: UnsafeBufferPointer<UInt8>) {
        buffer.writeStaticString("\"")
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<index]))
            writeEscape(of: byte)
            start = index + 1
        }
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start...]))
        buffer.writeStaticString("\"")
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
        case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
        case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
        default:
            buffer.writeStaticString("\\u00")
            let digits = Array("0123456789abcdef".utf8)
            buffer.writeInteger(digits[Int(byte >> 4)])
            buffer.writeInteger(digits[Int(byte & 0xF)])
        }
    }
}
