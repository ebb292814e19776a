public import WorkflowModel

/// Converts the output of a task to text with styles. Colours become classes, other control sequences are dropped, and text is escaped. A
/// carriage return overwrites its line.
public struct LogText: Sendable {
    /// The text without styles, unescaped.
    private(set) var text = ""
    /// The styles of the text, in order and without gaps.
    private(set) var pieces: [Piece] = []
    /// Where text of another time or stream begins, in order; the first one at the begin of the text, or none at all.
    private(set) var origins: [Origin] = []
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

    /// The time and the stream of the text from an offset on, up to the next one.
    struct Origin: Hashable, Sendable {
        /// In the UTF-8 of the text.
        var begin: Int
        var time: Timestamp?
        var stream: TaskStream?
    }

    private var plain = ""
    private var length = 0

    /// - Parameters:
    ///   - bytes: the output from `place` on.
    ///   - isLast: whether the output ends here, so that an incomplete sequence is final.
    ///   - marks: of the whole output or of these bytes.
    public init(_ bytes: [UInt8], from place: LogPlace, isLast: Bool, marks: OutputMarks = OutputMarks()) {
        self.place = place
        let cuts = marks.all.map { min(max(0, $0.offset - place.offset), bytes.count) }
        let lines = OverwrittenLines(bytes, isAfterReturn: place.isAfterReturn, isInString: place.isInString, cuts: cuts)
        erasesLine = lines.erasesLine
        var parser = TerminalParser(isInString: place.isInString)
        var read = 0
        for (mark, cut) in zip(marks.all, lines.cuts) {
            if cut > read { parser.read(lines.bytes[read..<cut]) { take($0) } }
            read = max(read, cut)
            begin(Origin(begin: length + plain.utf8.count, time: mark.time, stream: mark.stream))
        }
        if read < lines.bytes.count { parser.read(lines.bytes[read...]) { take($0) } }
        let unfinished = isLast ? 0 : parser.unfinishedBytes
        self.place.isInString = parser.isInString && !isLast
        self.place.isAfterReturn = lines.isAfterReturn
        if isLast { parser.finish { take($0) } }
        flush()
        self.place.offset += bytes.count - unfinished
        self.place.line += text.utf8.lineBreakCount
        if let last = text.utf8.last { self.place.beginsLine = last == UInt8(ascii: "\n") }
    }

    /// The whole text with its styles.
    public var html: String {
        let text = Array(text.utf8)
        var begin = 0
        return pieces.map { piece in
            defer { begin = piece.end }
            let shown = HTMLText.escaped(String(decoding: text[begin..<piece.end], as: UTF8.self))
            return piece.attributes.isEmpty ? shown : "<span\(piece.attributes)>\(shown)</span>"
        }.joined()
    }

    private mutating func begin(_ origin: Origin) {
        while let last = origins.last, last.begin >= origin.begin { origins.removeLast() }
        if origins.isEmpty, origin.begin > 0 { origins.append(Origin(begin: 0)) }
        origins.append(origin)
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
        text += plain
        length += plain.utf8.count
        pieces.append(Piece(end: length, attributes: place.style.attributes))
        plain.removeAll(keepingCapacity: true)
    }
}

extension LogText {
    /// The index of the origin of a byte of the text; nil without origins.
    func origin(at offset: Int) -> Int? {
        var (low, high) = (0, origins.count)
        while low < high {
            let middle = (low + high) / 2
            if origins[middle].begin <= offset { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// Whether a part of the text was printed to the stream, or may have been.
    func mayHave(_ stream: TaskStream, in range: Range<Int>) -> Bool {
        guard var index = origin(at: range.lowerBound) else { return true }
        while index < origins.count, origins[index].begin < max(range.upperBound, range.lowerBound + 1) {
            if origins[index].stream == nil || origins[index].stream == stream { return true }
            index += 1
        }
        return false
    }
}
