/// Ids and names as one segment of a path (RFC 3986, section 3.3).
public enum PathSegment {
    /// Escapes all characters except RFC 3986's unreserved ones.
    ///
    /// `.` and `..` are relative references, and browsers read `%2E` the same way. No id that is accepted today has these texts.
    /// They are escaped twice, and ``meaning(of:)`` restores them.
    public static func escaped(_ text: String) -> String {
        text == "." || text == ".." ? text.replacing(".", with: "%252E") : percentEncoded(text)
    }

    /// The id that a segment represents.
    /// - Parameter text: the segment, unescaped once.
    public static func meaning(of text: String) -> String {
        switch text.uppercased() {
        case "%2E": "."
        case "%2E%2E": ".."
        default: text
        }
    }

    /// Whether an id stays one segment with any proxy between client and service: proxies unescape paths once more and resolve
    /// `a/../b`.
    public static func isSafe(_ id: String) -> Bool {
        var text = id
        // Unescaping ends, because each step makes the text shorter.
        while let shorter = unescaped(text), shorter != text { text = shorter }
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "/" || $0 == "\\" })
        return parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." } && text.unicodeScalars.allSatisfy { !$0.isControl }
    }

    /// Escapes all characters except RFC 3986's unreserved ones; also suitable for query values.
    public static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            if byte.isLetterOrDigit || "-._~".utf8.contains(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// - Returns: nil when the unescaped bytes are not UTF-8.
    private static func unescaped(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16),
                bytes[index + 1] != UInt8(ascii: "+")
            {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(validating: result, as: UTF8.self)
    }
}
