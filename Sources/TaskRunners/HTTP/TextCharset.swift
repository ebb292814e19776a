/// Supported charsets of response bodies.
enum TextCharset: Hashable, Sendable {
    case ascii
    case utf8
    case latin1
    case windows1252
    /// As its byte order mark says; big-endian without one (RFC 2781, section 4.3).
    case utf16
    case utf16LittleEndian
    case utf16BigEndian

    /// - Parameter label: the value of `charset`, in any case.
    /// - Returns: nil for an unsupported charset.
    init?(label: some StringProtocol) {
        switch label.lowercased() {
        case "utf-8", "utf8": self = .utf8
        case "us-ascii", "ascii": self = .ascii
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1": self = .latin1
        case "windows-1252", "cp1252", "cp-1252", "x-cp1252": self = .windows1252
        case "utf-16", "utf16": self = .utf16
        case "utf-16le", "utf16le": self = .utf16LittleEndian
        case "utf-16be", "utf16be": self = .utf16BigEndian
        default: return nil
        }
    }

    /// The text without its byte order mark.
    /// - Parameter isCut: whether the last character may be incomplete; it is dropped then.
    /// - Returns: nil when the bytes are not valid in this charset.
    func text(of bytes: [UInt8], isCut: Bool) -> String? {
        switch self {
        case .ascii: bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
        case .utf8: Self.utf8Text(bytes, isCut: isCut)
        case .latin1: Self.text(bytes) { UInt32($0) }
        case .windows1252: Self.text(bytes) { (0x80...0x9F).contains($0) ? Self.upper1252[Int($0) - 0x80] : UInt32($0) }
        case .utf16: Self.utf16Text(bytes, isLittleEndian: bytes.starts(with: [0xFF, 0xFE]), isCut: isCut)
        case .utf16LittleEndian: Self.utf16Text(bytes, isLittleEndian: true, isCut: isCut)
        case .utf16BigEndian: Self.utf16Text(bytes, isLittleEndian: false, isCut: isCut)
        }
    }

    private static func utf8Text(_ bytes: [UInt8], isCut: Bool) -> String? {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        if let text = String(validating: rest, as: UTF8.self) { return text }
        guard isCut else { return nil }
        // An incomplete character has at most three bytes.
        for missing in 1...3 {
            if let text = String(validating: rest.dropLast(missing), as: UTF8.self) { return text }
        }
        return nil
    }

    private static func text(_ bytes: [UInt8], scalar: (UInt8) -> UInt32) -> String? {
        var scalars = String.UnicodeScalarView()
        for byte in bytes {
            let code = scalar(byte)
            guard code != 0 || byte == 0, let scalar = Unicode.Scalar(code) else { return nil }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    private static func utf16Text(_ bytes: [UInt8], isLittleEndian: Bool, isCut: Bool) -> String? {
        guard bytes.count % 2 == 0 || isCut else { return nil }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for place in stride(from: 0, to: bytes.count - 1, by: 2) {
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            units.append(isLittleEndian ? second << 8 | first : first << 8 | second)
        }
        if units.first == 0xFEFF { units.removeFirst() }
        if isCut, let last = units.last, (0xD800...0xDBFF).contains(last) { units.removeLast() }
        return String(validating: units, as: UTF16.self)
    }

    /// 0x80 to 0x9F of windows-1252; 0 for its five unassigned bytes.
    private static let upper1252: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ]
}
