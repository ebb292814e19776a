import NIOCore
import WorkflowModel

/// Writes rows of comma-separated values (RFC 4180), with CRLF at their ends.
///
/// A text that a spreadsheet would read as a formula gets an apostrophe before it, which makes it a text there. Every client that may
/// start runs may choose such texts, and a formula can send the rest of the sheet elsewhere.
struct CSVWriter: ~Copyable {
    private var memory: TextMemory
    private var isFirst = true

    /// - Parameter capacity: the expected number of bytes.
    init(capacity: Int) {
        memory = TextMemory(capacity: capacity)
    }

    /// The bytes written so far.
    var buffer: ByteBuffer { memory.buffer }

    mutating func endRow() {
        memory.put(upTo: 2) { place in
            place.write(UInt8(ascii: "\r"))
            place.write(UInt8(ascii: "\n"))
        }
        isFirst = true
    }

    /// - Parameter value: nil for an empty field.
    mutating func text(_ value: String?) {
        separate()
        guard var value else { return }
        value.withUTF8 { write($0) }
    }

    mutating func timestamp(_ value: Timestamp?) {
        separate()
        guard let value else { return }
        memory.put(upTo: Timestamp.iso8601Length) { place in
            let start = place
            value.writeISO8601 { index, byte in start[index] = byte }
            place += Timestamp.iso8601Length
        }
    }

    mutating func integer(_ value: Int64?) {
        separate()
        guard let value else { return }
        var text = String(value)
        text.withUTF8 { bytes in memory.put(upTo: bytes.count) { $0.write(bytes) } }
    }

    /// Keys and values have no character that needs quotes, and begin with a letter or a digit.
    mutating func labels(_ labels: RunLabels) {
        separate()
        var isFirst = true
        for label in labels {
            var (key, value) = (label.key, label.value)
            key.withUTF8 { key in
                value.withUTF8 { value in
                    memory.put(upTo: key.count + value.count + 2) { place in
                        if !isFirst { place.write(UInt8(ascii: ";")) }
                        place.write(key)
                        place.write(UInt8(ascii: "="))
                        place.write(value)
                    }
                }
            }
            isFirst = false
        }
    }

    private mutating func separate() {
        if !isFirst { memory.put(upTo: 1) { $0.write(UInt8(ascii: ",")) } }
        isFirst = false
    }

    private mutating func write(_ text: UnsafeBufferPointer<UInt8>) {
        let isFormula = text.first.map(Self.beginsFormula) ?? false
        var quotes = 0
        var needsQuotes = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""):
                quotes += 1
                needsQuotes = true
            case UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n"): needsQuotes = true
            default: break
            }
        }
        memory.put(upTo: text.count + quotes + 3) { place in
            if needsQuotes { place.write(UInt8(ascii: "\"")) }
            if isFormula { place.write(UInt8(ascii: "'")) }
            if quotes == 0 {
                place.write(text)
            } else {
                for byte in text {
                    if byte == UInt8(ascii: "\"") { place.write(byte) }
                    place.write(byte)
                }
            }
            if needsQuotes { place.write(UInt8(ascii: "\"")) }
        }
    }

    private static func beginsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"): true
        case UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
        default: false
        }
    }
}
