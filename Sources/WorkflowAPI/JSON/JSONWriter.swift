public import NIOCore
public import WorkflowModel

/// Writes JSON straight into memory, without a tree in between. Members appear in the order in which they are written.
///
/// A member checks once whether there is memory for it.
public struct JSONWriter: ~Copyable {
    private var memory: TextMemory
    /// Whether the next value or name needs a comma before it.
    private var needsComma = false

    /// - Parameter capacity: the expected number of bytes.
    public init(capacity: Int = 1_024) {
        memory = TextMemory(capacity: capacity)
    }

    /// The bytes written so far.
    public var buffer: ByteBuffer { memory.buffer }

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
        let needsComma = needsComma
        put(upTo: name.utf8CodeUnitCount + 4) { place in
            if needsComma { place.write(UInt8(ascii: ",")) }
            place.write(UInt8(ascii: "\""))
            name.withUTF8Buffer { place.write($0) }
            place.write(UInt8(ascii: "\""))
            place.write(UInt8(ascii: ":"))
        }
        self.needsComma = false
    }

    /// The name of a member that only the data knows. A literal belongs to ``name(_:)``.
    public mutating func key(_ name: String) {
        string(name)
        put(upTo: 1) { $0.write(UInt8(ascii: ":")) }
        needsComma = false
    }

    /// Ends a line of newline-delimited JSON: the next value stands alone.
    public mutating func endLine() {
        put(upTo: 1) { $0.write(UInt8(ascii: "\n")) }
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
        put(upTo: Timestamp.iso8601Length + 2) { place in
            place.write(UInt8(ascii: "\""))
            let start = place
            value.writeISO8601 { index, byte in start[index] = byte }
            place += Timestamp.iso8601Length
            place.write(UInt8(ascii: "\""))
        }
        needsComma = true
    }

    public mutating func integer(_ value: some BinaryInteger) {
        raw(String(value))
    }

    public mutating func boolean(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    /// A value that is JSON text already.
    public mutating func json(_ value: JSONText) {
        raw(value.text)
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

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        put(upTo: 1) { $0.write(UInt8(ascii: bracket)) }
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        put(upTo: 1) { $0.write(UInt8(ascii: bracket)) }
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { put(upTo: 1) { $0.write(UInt8(ascii: ",")) } }
    }

    private mutating func raw(_ text: String) {
        separate()
        var text = text
        text.withUTF8 { bytes in put(upTo: bytes.count) { $0.write(bytes) } }
        needsComma = true
    }

    /// Escapes what RFC 8259, section 7, asks for, and nothing else.
    private mutating func writeQuoted(_ text: UnsafeBufferPointer<UInt8>) {
        let escapes = text.reduce(into: 0) { count, byte in if Self.isEscaped(byte) { count += 1 } }
        put(upTo: text.count + escapes * (Self.longestEscape - 1) + 2) { place in
            place.write(UInt8(ascii: "\""))
            if escapes == 0 {
                place.write(text)
            } else {
                for byte in text { if Self.isEscaped(byte) { Self.writeEscape(of: byte, at: &place) } else { place.write(byte) } }
            }
            place.write(UInt8(ascii: "\""))
        }
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// `\u001f`
    private static let longestEscape = 6

    private static func writeEscape(of byte: UInt8, at place: inout UnsafeMutablePointer<UInt8>) {
        place.write(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): place.write(byte)
        case UInt8(ascii: "\n"): place.write(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): place.write(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): place.write(UInt8(ascii: "t"))
        default:
            for byte in "u00".utf8 { place.write(byte) }
            place.write(UInt8(ascii: "0") + byte >> 4)
            let digit = byte & 0xF
            place.write(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    @inline(__always)
    private mutating func put(upTo most: Int, _ write: (_ place: inout UnsafeMutablePointer<UInt8>) -> Void) {
        memory.put(upTo: most, write)
    }
}
