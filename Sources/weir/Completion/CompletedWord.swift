/// The word at the cursor, as a shell passes it to a completion.
struct CompletedWord: Hashable {
    /// Up to the cursor, without its opening quote and its backslashes: bash writes `state\:` where it completes to `state:`.
    let text: String
    /// The part of ``text`` before the word that the shell replaces.
    private let kept: String

    /// - Parameters:
    ///   - words: those of the command line. bash ends a word at `:` and `=`, unless it is quoted.
    ///   - index: of the word at the cursor.
    ///   - prefix: of that word, up to the cursor.
    init(_ words: [String], _ index: Int, _ prefix: String) {
        // The parser takes the prefix from the last word, whichever word the cursor is in.
        let last = words.indices.contains(index) && index != words.count - 1 ? words[index] : prefix
        var parts = [last]
        var place = min(index, words.count)
        while place > 0, Self.isSeparator(words[place - 1]) || Self.isSeparator(parts[0]) {
            place -= 1
            parts.insert(words[place], at: 0)
        }
        let text = parts.joined()
        kept = Self.unquoted(Self.isSeparator(last) ? text : parts.dropLast().joined())
        self.text = Self.unquoted(text)
    }

    /// - Returns: the part of a completed text that the shell puts in place of the word; nil for a text that begins otherwise.
    func rest(of completed: String) -> String? {
        completed.hasPrefix(kept) ? String(completed.dropFirst(kept.count)) : nil
    }

    private static func unquoted(_ text: String) -> String {
        if text.first == "'" || text.first == "\"" { return String(text.dropFirst()) }
        return text.replacing("\\", with: "")
    }

    private static func isSeparator(_ word: String) -> Bool { word == ":" || word == "=" }
}
