public import WorkflowModel

/// A position in the output of an attempt: a byte offset and the state of the terminal there.
public struct LogPlace: Hashable, Sendable {
    public var offset: Int
    public var style: TextStyle
    /// Whether the position is in a title, a link or another string that is not shown.
    public var isInString: Bool
    /// Whether a carriage return is before the position, so that the text after it overwrites the line.
    public var isAfterReturn: Bool

    /// The longest text of a position, in bytes.
    static let longest = 128

    public init(offset: Int = 0, style: TextStyle = TextStyle(), isInString: Bool = false, isAfterReturn: Bool = false) {
        self.offset = offset
        self.style = style
        self.isInString = isInString
        self.isAfterReturn = isAfterReturn
    }

    public var text: String {
        let flags = (isInString ? "s" : "") + (isAfterReturn ? "r" : "")
        return "\(offset).\(style.text)" + (flags.isEmpty ? "" : ".\(flags)")
    }

    /// - Returns: nil for an invalid text.
    public init?(text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let offset = Int(parts[0]), offset >= 0 else { return nil }
        let flags = parts.count > 2 ? parts[2] : ""
        self.init(
            offset: offset, style: TextStyle(text: parts[1]), isInString: flags.contains("s"), isAfterReturn: flags.contains("r"))
    }
}

/// Converts the output of a task to HTML. Colours become classes, other control sequences are dropped, and text is escaped. A carriage
/// return overwrites its line.
public struct LogText: Sendable {
    public private(set) var html = ""
    /// The text without styles, unescaped.
    private(set) var text = ""
    /// The styles of the text, in order and without gaps.
    private(set) var pieces: [Piece] = []
    /// Whether the line that began before this output is overwritten by it.
    public private(set) var erasesLine = false
    /// The start of the next piece: before an incomplete sequence or character.
    public private(set) var place: LogPlace

    /// A part of the text that has one style.
    struct Piece: Hashable, Sendable {
        /// The offset after its last byte, in the UTF-8 of the text.
        var end: Int
        /// The attributes of its element; empty for plain text.
        var attributes: String
    }

    private var plain = ""

    /// - Parameters:
    ///   - bytes: the output from `place` on.
    ///   - isLast: whether the output ends here, so that an incomplete sequence is final.
    public init(_ bytes: [UInt8], from place: LogPlace, isLast: Bool) {
        self.place = place
        let lines = OverwrittenLines(bytes, isAfterReturn: place.isAfterReturn, isInString: place.isInString)
        erasesLine = lines.erasesLine
        var parser = TerminalParser(isInString: place.isInString)
        parser.read(lines.bytes) { take($0) }
        let unfinished = isLast ? 0 : parser.unfinishedBytes
        self.place.isInString = parser.isInString && !isLast
        self.place.isAfterReturn = lines.isAfterReturn
        if isLast { parser.finish { take($0) } }
        flush()
        self.place.offset += bytes.count - unfinished
    }

    private mutating func take(_ element: TerminalParser.Element) {
        switch element {
        case .text(let text): plain += text
        case .lineBreak: plain += "\n"
        case .backspace: break
        case .rendition(let parameters):
            flush()
            place.style.apply(parameters)
        }
    }

    private mutating func flush() {
        guard !plain.isEmpty else { return }
        let escaped = HTMLText.escaped(plain)
        text += plain
        pieces.append(Piece(end: (pieces.last?.end ?? 0) + plain.utf8.count, attributes: place.style.attributes))
        html += place.style.isPlain ? escaped : "<span\(place.style.attributes)>\(escaped)</span>"
        plain.removeAll(keepingCapacity: true)
    }
}
