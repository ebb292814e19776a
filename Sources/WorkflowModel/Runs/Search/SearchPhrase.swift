/// Words without a key that name a state, a month or a day: `failed`, `in progress`, `dec 2025`, `yesterday`, `last week`, `3 dec`.
enum SearchPhrase {
    /// Words of the longest name: `running with failures`.
    static let mostWords = 3

    /// The term that words mean together; nil when they are words of the text search.
    static func term(_ words: [String], isExcluded: Bool) -> SearchTerm? {
        let phrase = words.joined(separator: " ")
        if let states = RunStates.named(phrase), !states.isEmpty, let state = WorkflowState(name: phrase) {
            return SearchTerm(.state, [state.rawValue], isExcluded: isExcluded)
        }
        return isTime(words.map { $0.lowercased() }) ? SearchTerm(.on, [phrase], isExcluded: isExcluded) : nil
    }

    private static func isTime(_ words: [String]) -> Bool {
        switch words.count {
        case 1: isMonth(words[0]) || days.containsExactly(words[0])
        case 2:
            isMonth(words[0]) && (isYear(words[1]) || isDay(words[1])) || isDay(words[0]) && isMonth(words[1])
                || isPeriod(words[1], after: words[0])
        case 3: isYear(words[2]) && (isMonth(words[0]) && isDay(words[1]) || isDay(words[0]) && isMonth(words[1]))
        default: false
        }
    }

    /// `last week`, `this month`, `last monday`.
    private static func isPeriod(_ word: String, after first: String) -> Bool {
        periods.containsExactly(first) && ["week", "month", "year"].containsExactly(word)
            || first.isIdentical(to: periods[0]) && TypedTimeReader.weekdays.containsExactly(word)
    }

    private static let days = ["today", "yesterday"]
    private static let periods = ["last", "this"]

    /// Whether a word of the text search has to stand in quotes, because it names a state or a time, alone or with words after it.
    static func mayBegin(with word: String) -> Bool {
        let folded = word.lowercased()
        return term([word], isExcluded: false) != nil || parts.containsExactly(folded) || periods.containsExactly(folded)
            || isDay(folded)
    }

    /// The words of names that have several.
    private static let parts = WorkflowState.allCases.map { $0.label.lowercased().split(separator: " ").map(String.init) }
        .filter { $0.count > 1 }.flatMap { $0 }

    private static func isMonth(_ word: String) -> Bool {
        TypedTimeReader.months.contains { $0.isIdentical(to: word) || String($0.prefix(3)).isIdentical(to: word) }
            || word == "sept"
    }

    private static func isDay(_ word: String) -> Bool {
        (1...2).contains(word.utf8.count) && word.utf8.allSatisfy(\.isDigit) && (1...31).contains(Int(word) ?? 0)
    }

    private static func isYear(_ word: String) -> Bool {
        word.utf8.count == 4 && word.utf8.allSatisfy(\.isDigit)
    }
}
