/// A note that a person or a key left on a run, while it goes on or after its end. Notes are never changed.
public struct RunNote: Hashable, Sendable {
    /// Notes of a run.
    public static let most = 100
    /// Characters of a note.
    public static let characters = 1...1_000
    /// Bytes of a note: a character may have many. A field of a form has room for them.
    public static let bytes = 4_000

    /// The accepted form, for messages.
    public static let accepted = """
        a text of \(characters.lowerBound) to \(characters.upperBound) characters and at most \(bytes) bytes, without control \
        characters except line breaks and tabs
        """

    public var writtenBy: Principal
    public var writtenAt: Timestamp
    @Exact public var text: String

    public init(by principal: Principal, at writtenAt: Timestamp, text: String) {
        writtenBy = principal
        self.writtenAt = writtenAt
        self.text = text
    }

    /// The text of a new note as it is kept: forms send a line break as two characters, and add one at the end.
    public static func kept(_ text: String) -> String {
        let lines = text.replacing("\r\n", with: "\n")
        var kept = lines.unicodeScalars[...]
        while let last = kept.last, last.properties.isWhitespace { kept = kept.dropLast() }
        while let first = kept.first, first.properties.isWhitespace { kept = kept.dropFirst() }
        return String(String.UnicodeScalarView(kept))
    }

    /// Why a text cannot be a note, in words that follow its name; nil for a valid text.
    public static func problem(with text: String) -> String? {
        guard text.utf8.count <= bytes else { return "has \(text.utf8.count) bytes" }
        guard text.count <= characters.upperBound else { return "has \(text.count) characters" }
        guard text.hasSomethingVisible else { return text.isEmpty ? "is empty" : "has no visible characters" }
        let control = text.unicodeScalars.first { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" }
        return control.map { "contains the control character \($0.codePoint)" }
    }
}

/// The outcome of adding a note.
public enum NoteOutcome: Hashable, Sendable {
    case written
    case noSuchRun
    /// The run has ``RunNote/most`` notes.
    case tooMany
}
