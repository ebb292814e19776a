/// The header `Idempotency-Key`: a structured string (RFC 9651, section 3.3.3), or bare.
public enum IdempotencyHeader {
    public static let name = "Idempotency-Key"

    /// - Returns: the key itself.
    /// - Throws: ``APIError`` (400) for a key that is empty, too long, or not printable ASCII.
    public static func read(_ value: String) throws(APIError) -> String {
        let accepted =
            "Accepted: 1 to \(Limits.idempotencyKey) printable ASCII characters, with or without double quotes."
        let trimmed = value.drop { $0 == " " }
        var key: [UInt8] = Array(trimmed.utf8)
        while key.last == 0x20 { key.removeLast() }
        if key.first == UInt8(ascii: "\"") {
            guard let unquoted = unquoted(key) else {
                throw .invalid("The header \(name) is a quoted string without an end, or with an invalid escape. \(accepted)")
            }
            key = unquoted
        }
        guard (1...Limits.idempotencyKey).contains(key.count), key.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .invalid("The header \(name) is empty, too long or not printable. \(accepted)")
        }
        return String(decoding: key, as: UTF8.self)
    }

    private static func unquoted(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = bytes.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return rest.isEmpty ? result : nil
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst(), escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\") else {
                    return nil
                }
                result.append(escaped)
            default: result.append(byte)
            }
        }
        return nil
    }
}
