import Mustache
import WorkflowModel

/// Escapes text for HTML, byte by byte.
///
/// Mustache escapes by characters and misses a quotation mark with a combining accent, which ends an attribute in a browser.
/// Bidirectional control characters are shown by their code points: in a name or a log line they could reorder the text around
/// them.
struct HTMLText: MustacheContentType {
    static let name = "WEIR_HTML"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0 || $0 == directionLead || replacement(for: $0) != nil }) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 32)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if let replacement = replacement(for: byte) {
                result.append(contentsOf: replacement.utf8)
            } else if byte == directionLead, let direction = direction(rest) {
                result.append(contentsOf: "&lt;\(direction.codePoint)&gt;".utf8)
                rest = rest.dropFirst(2)
            } else if byte != 0 {
                result.append(byte)
            } else {
                // A page cannot hold NUL, not even as a reference.
                result.append(contentsOf: "\u{FFFD}".utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The first of the three bytes of every bidirectional control character.
    private static let directionLead: UInt8 = 0xE2

    /// The embedding, override or isolate after ``directionLead``; nil for another character.
    private static func direction(_ rest: Substring.UTF8View) -> Unicode.Scalar? {
        let (second, third) = (rest.first, rest.dropFirst().first)
        switch (second, third) {
        case (0x80, let last?) where (0xAA...0xAE).contains(last): return Unicode.Scalar(0x2000 + UInt32(last) - 0x80)
        case (0x81, let last?) where (0xA6...0xA9).contains(last): return Unicode.Scalar(0x2040 + UInt32(last) - 0x80)
        default: return nil
        }
    }

    private static func replacement(for byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }
}
