/// Words without a key that name a state or a month: `failed`, `in progress`, `dec`, `dec 2025`.
enum SearchPhrase {
    /// Words of the longest name: `running with failures`.
    static let mostWords = 3

    /// The term that words mean together; nil when they are words of the text search.
    static func term(_ words: [String], isExcluded: Bool) -> SearchTerm? {
        let phrase = words.joined(separator: " ")
        if let states = RunStates.named(phrase), !states.isEmpty, let state = WorkflowState(name: phrase) {
            return SearchTerm(.state, [state.rawValue], isExcluded: isExcluded)
        }
        guard words.count <= 2, isMonth(words[0]), words.count == 1 || isYear(words[1]) else { return nil }
        return SearchTerm(.on, [phrase], isExcluded: isExcluded)
    }

    /// Whether a word of the text search has to stand in quotes, because it names a state or a month, alone or with words after it.
    static func mayBegin(with word: String) -> Bool {
        term([word], isExcluded: false) != nil || parts.contains { $0.isIdentical(to: word.lowercased()) }
    }

    /// The words of names that have several.
    private static let parts = WorkflowState.allCases.map { $0.label.lowercased().split(separator: " ").map(String.init) }
        .filter { $0.count > 1 }.flatMap { $0 }

    private static func isMonth(_ word: String) -> Bool {
        let word = word.lowercased()
        return TypedTimeReader.months.contains { $0.isIdentical(to: word) || String($0.prefix(3)).isIdentical(to: word) }
            || word == "sept"
    }

    private static func isYear(_ word: String) -> Bool {
        word.utf8.count == 4 && word.utf8.allSatisfy(\.isDigit)
    }
}
