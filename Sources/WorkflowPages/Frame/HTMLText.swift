import Mustache

/// Escapes text for HTML, byte by byte.
///
/// What Mustache brings along goes by characters, and would let a quotation mark with a combining accent on it pass: to a browser
/// that is a quotation mark, and the end of an attribute.
struct HTMLText: MustacheContentType {
    static let name = "WEIR_HTML"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { replacement(for: $0) != nil }) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 32)
        for byte in text.utf8 {
            if let replacement = replacement(for: byte) {
                result.append(contentsOf: replacement.utf8)
            } else if byte != 0 {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
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
