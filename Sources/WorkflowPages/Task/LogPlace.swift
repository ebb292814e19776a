public import WorkflowModel

/// A position in the output of an attempt: a byte offset, the number of the line, and the state of the terminal there.
public struct LogPlace: Hashable, Sendable {
    public var offset: Int
    public var style: TextStyle
    /// Whether the position is in a title, a link or another string that is not shown.
    public var isInString: Bool
    /// Whether a carriage return is before the position, so that the text after it overwrites the line.
    public var isAfterReturn: Bool
    /// The number of the line at the position, from 1.
    public var line: Int
    /// Whether no text of that line is before the position.
    public var beginsLine: Bool

    /// The longest text of a position, in bytes.
    static let longest = 128

    public init(
        offset: Int = 0, style: TextStyle = TextStyle(), isInString: Bool = false, isAfterReturn: Bool = false, line: Int = 1,
        beginsLine: Bool = true
    ) {
        self.offset = offset
        self.style = style
        self.isInString = isInString
        self.isAfterReturn = isAfterReturn
        self.line = line
        self.beginsLine = beginsLine
    }

    public var text: String {
        let flags = (isInString ? "s" : "") + (isAfterReturn ? "r" : "") + (beginsLine ? "" : "m")
        return "\(offset).\(style.text).\(flags).\(line)"
    }

    /// - Returns: nil for an invalid text.
    public init?(text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 2, let offset = Int(parts[0]), offset >= 0 else { return nil }
        let flags = parts.count > 2 ? parts[2] : ""
        let line = parts.count > 3 ? Int(parts[3]) : 1
        guard let line, line > 0, line < Int.max / 2 else { return nil }
        self.init(
            offset: offset, style: TextStyle(text: parts[1]), isInString: flags.contains("s"), isAfterReturn: flags.contains("r"),
            line: line, beginsLine: !flags.contains("m"))
    }
}
