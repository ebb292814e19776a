/// Private-use characters that replace `*` and all characters beyond ASCII while the YAML library composes a text. YAML allows
/// them, gives them no meaning, and they are equivalent to no other character.
struct PlaceholderCharacters {
    /// Replaces `*`. Private-use characters of the text itself are replaced as well.
    static let star: Unicode.Scalar = "\u{E000}"
    /// The private planes, without the two noncharacters at the end of each. A text has fewer characters than these planes
    /// together.
    private static let planes: [ClosedRange<UInt32>] = [0xF0000...0xFFFFD, 0x100000...0x10FFFD]

    private var byScalar: [Unicode.Scalar: Unicode.Scalar] = [:]
    private var byStandIn: [Unicode.Scalar: Unicode.Scalar] = [:]

    init(for text: String) {
        var free = Self.planes.joined().lazy.compactMap(Unicode.Scalar.init).makeIterator()
        for scalar in text.unicodeScalars where Self.needsPlaceholder(scalar) && byScalar[scalar] == nil {
            guard let standIn = free.next() else { break }
            byScalar[scalar] = standIn
            byStandIn[standIn] = scalar
        }
    }

    func disarmed(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(scalar == "*" ? Self.star : byScalar[scalar] ?? scalar) }
        return String(scalars)
    }

    func restored(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(scalar == Self.star ? "*" : byStandIn[scalar] ?? scalar) }
        return String(scalars)
    }

    /// Line breaks and the byte order mark have a meaning in YAML and stay.
    private static func needsPlaceholder(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value > 0x7F else { return false }
        return ![0x85, 0x2028, 0x2029, 0xFEFF].contains(scalar.value)
    }
}
