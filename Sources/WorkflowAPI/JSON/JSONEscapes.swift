/// The escapes in a JSON string (RFC 8259, section 7).
enum JSONEscapes {
    /// - Parameter raw: the bytes between the quotes.
    /// - Throws: ``JSONProblem`` for an unknown escape or half a surrogate pair.
    static func unescaped(_ raw: ArraySlice<UInt8>) throws -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\""): result.append(UInt8(ascii: "\""))
            case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "/"): result.append(UInt8(ascii: "/"))
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"): result.append(contentsOf: String(try scalar(&rest)).utf8)
            default: throw JSONProblem("is not valid JSON: a string has an unknown escape").asSyntax
            }
        }
        return result
    }

    private static func scalar(_ rest: inout ArraySlice<UInt8>) throws -> Unicode.Scalar {
        let first = try codeUnit(&rest)
        if let scalar = Unicode.Scalar(first) { return scalar }
        if UTF16.isLeadSurrogate(first), rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u") {
            let second = try codeUnit(&rest)
            if UTF16.isTrailSurrogate(second) {
                let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
                if let scalar = Unicode.Scalar(value) { return scalar }
            }
        }
        throw JSONProblem("is not valid JSON: a string has half a surrogate pair").asSyntax
    }

    private static func codeUnit(_ rest: inout ArraySlice<UInt8>) throws -> UInt16 {
        let digits = rest.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw JSONProblem("is not valid JSON: a \\u escape needs four hexadecimal digits").asSyntax }
        rest = rest.dropFirst(4)
        return value
    }
}
