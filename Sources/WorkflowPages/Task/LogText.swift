/// A place in what an attempt printed: where the next byte is, and how it would be shown.
public struct LogPlace: Hashable, Sendable {
    public var offset: Int
    public var style: TextStyle

    public init(offset: Int = 0, style: TextStyle = TextStyle()) {
        self.offset = offset
        self.style = style
    }

    public var text: String { "\(offset).\(style.text)" }

    /// - Returns: nil for what is no place.
    public init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 40, let offset = Int(parts[0]), offset >= 0 else { return nil }
        self.init(offset: offset, style: TextStyle(text: parts[1]))
    }
}

/// Turns what a task printed into HTML: colours become classes, everything else that is no text is left out, and all text is inert.
public struct LogText: Sendable {
    /// Bytes of an unfinished sequence or character that are waited for at most.
    private static let longestSequence = 64
    private static let escape: UInt8 = 0x1B

    public private(set) var html = ""
    /// The same without styles, unescaped.
    private(set) var text = ""
    /// Where the next piece begins: before an unfinished sequence or character.
    public private(set) var place: LogPlace

    private var plain: [UInt8] = []

    /// - Parameters:
    ///   - bytes: from `place` on.
    ///   - isLast: whether nothing follows, so that nothing is waited for.
    public init(_ bytes: [UInt8], from place: LogPlace, isLast: Bool) {
        self.place = place
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == Self.escape {
                guard let sequence = Self.sequence(in: bytes, at: index) else {
                    if isLast || bytes.count - index > Self.longestSequence { index += 1 } else { break }
                    continue
                }
                if let codes = sequence.codes {
                    flush()
                    self.place.style.apply(codes)
                }
                index = sequence.end
                continue
            }
            if byte == UInt8(ascii: "\r") {
                if index + 1 == bytes.count, !isLast { break }
                // Alone it goes back to the line's beginning, as progress bars do; here each state of one gets its line.
                if index + 1 == bytes.count || bytes[index + 1] != UInt8(ascii: "\n") { plain.append(UInt8(ascii: "\n")) }
            } else if byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") {
                if byte >= 0xC0, !isLast, Self.isUnfinished(bytes[index...]) { break }
                plain.append(byte)
            }
            index += 1
        }
        flush()
        self.place.offset += index
    }

    private mutating func flush() {
        guard !plain.isEmpty else { return }
        let piece = String(decoding: plain, as: UTF8.self)
        let escaped = HTMLText.escaped(piece)
        text += piece
        html += place.style.isPlain ? escaped : "<span class=\"\(place.style.classes)\">\(escaped)</span>"
        plain.removeAll(keepingCapacity: true)
    }

    /// Whether a character begins here whose other bytes are still to come.
    private static func isUnfinished(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return false }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        return bytes.count < length && bytes.dropFirst().allSatisfy { $0 & 0xC0 == 0x80 }
    }

    /// An escape sequence of ECMA-48.
    private struct Sequence {
        /// One beyond its last byte.
        var end: Int
        /// Of a "select graphic rendition"; nil for every other sequence, which pages have no use for.
        var codes: [Int]?
    }

    /// - Returns: nil when it is not complete.
    private static func sequence(in bytes: [UInt8], at start: Int) -> Sequence? {
        guard start + 1 < bytes.count else { return nil }
        var index = start + 2
        switch bytes[start + 1] {
        case UInt8(ascii: "["):
            while index < bytes.count, (0x20...0x3F).contains(bytes[index]) { index += 1 }
            guard index < bytes.count else { return nil }
            guard bytes[index] == UInt8(ascii: "m") else { return Sequence(end: index + 1, codes: nil) }
            let numbers = String(decoding: bytes[start + 2..<index], as: UTF8.self)
            let codes = numbers.split(whereSeparator: { $0 == ";" || $0 == ":" }).compactMap { Int($0) }
            return Sequence(end: index + 1, codes: codes)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            // A title, a link or another string: to its end, which is BEL or ESC \.
            while index < bytes.count {
                if bytes[index] == 0x07 { return Sequence(end: index + 1, codes: nil) }
                if bytes[index] == escape, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\\") {
                    return Sequence(end: index + 2, codes: nil)
                }
                index += 1
            }
            return nil
        default: return Sequence(end: index, codes: nil)
        }
    }
}
