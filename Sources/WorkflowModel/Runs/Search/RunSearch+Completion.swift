extension RunSearch {
    /// Proposals at most: every key has room.
    public static let mostCompletions = 24

    /// The key whose values are completed at the cursor; nil when keys are.
    ///
    /// - Parameter cursor: in UTF-16 code units, as browsers count.
    public static func completedKey(of text: String, cursor: Int) -> SearchKey? {
        TermAtCursor(text, cursor)?.key
    }

    /// Proposals for the term at the cursor, the most likely first.
    ///
    /// - Parameters:
    ///   - cursor: in UTF-16 code units, as browsers count. Text after it does not matter.
    ///   - values: those of a key which the caller knows, such as its workflows and types. Only called for keys whose values are
    ///     not fixed, and only for the key of ``completedKey(of:cursor:)``.
    public static func completions(
        of text: String, cursor: Int, values: (SearchKey) -> [(text: String, summary: String?)] = { _ in [] }
    ) -> [Completion] {
        guard let term = TermAtCursor(text, cursor) else { return [] }
        guard let key = term.key else { return Array(term.keys.prefix(mostCompletions)) }
        let known = key.fixedValues ?? values(key)
        let rest = known.filter { !term.others.contains(ExactText($0.text)) }
        let typed = term.typed.lowercased()
        let beginning = rest.filter { $0.text.lowercased().hasPrefix(typed) }
        let containing = rest.filter { !$0.text.lowercased().hasPrefix(typed) && $0.text.lowercased().contains(typed) }
        return (beginning + containing).prefix(mostCompletions).map {
            Completion(SearchTerm.written(value: $0.text), replacing: term.range, summary: $0.summary)
        }
    }
}

/// The part of a search that a cursor is in.
private struct TermAtCursor {
    /// nil while a key is being typed.
    var key: SearchKey?
    var isExcluded = false
    /// The part of the value or the key before the cursor, without its quote.
    var typed = ""
    /// The same part in the text, in UTF-16 code units.
    var range: Range<Int>
    /// Values of the term before the one at the cursor.
    var others: Set<ExactText> = []

    /// nil where nothing can be proposed: after an unknown key, and in a quoted word of the text search.
    init?(_ text: String, _ cursor: Int) {
        let before = String(decoding: text.utf16.prefix(max(0, cursor)), as: UTF16.self)
        range = before.utf16.count..<before.utf16.count
        guard let token = Self.lastToken(of: before), let value = token.values.last else { return }
        if let name = token.key {
            guard let named = SearchKey.named(name) else { return nil }
            key = named.key
            others = Set(token.values.dropLast().map { ExactText($0.text) })
        } else if value.isQuoted {
            return nil
        }
        isExcluded = token.isExcluded
        typed = value.text
        var start = value.start
        if key == nil, typed == "-" {
            isExcluded = true
            typed = ""
            start += 1
        }
        let first = String(String.UnicodeScalarView(before.unicodeScalars.prefix(start))).utf16.count
        range = first..<before.utf16.count
    }

    /// The token that ends at the end of the text; nil after a space.
    private static func lastToken(of text: String) -> SearchToken? {
        var tokenizer = SearchTokenizer(text) { SearchKey.named($0)?.key.hasList ?? false }
        var last: SearchToken?
        while let token = tokenizer.next() { last = token }
        guard let last, last.start + last.text.unicodeScalars.count == text.unicodeScalars.count else { return nil }
        return last
    }

    /// The keys that begin with the typed text, then the states.
    var keys: [Completion] {
        let typed = SearchKey.folded(typed)
        let keys = SearchKey.allCases.filter { key in
            (!isExcluded || key.takesExclusion) && key.names.contains { $0.hasPrefix(typed) }
        }
        let states = typed.isEmpty ? [] : SearchKey.states.filter { $0.text.hasPrefix(typed) }
        return keys.map { Completion("\($0.name):", replacing: range, summary: $0.summary) }
            + states.map { Completion("\(SearchKey.state.name):\($0.text)", replacing: range, summary: $0.summary) }
    }
}

extension SearchKey {
    /// The values of a key that has the same ones everywhere, or examples of them; nil for values that a tenant has.
    fileprivate var fixedValues: [(text: String, summary: String?)]? {
        switch form {
        case .states: Self.states
        case .values(let field, _): field.kind.names.isEmpty ? nil : field.kind.names.map { ($0, nil) }
        case .time: ["today", "yesterday", "1h", "24h", "7d", "30d", "last monday", "this month", "last month"].map { ($0, nil) }
        case .span: ["today", "yesterday", "last monday", "this week", "last week", "this month", "last month"].map { ($0, nil) }
        case .durations:
            [(">10m", "10 minutes or longer"), ("<10s", "less than 10 seconds"), ("10m..1h", "from 10 minutes to an hour")]
        case .least: [(">1", "a task was tried again"), (">2", "a task was tried again twice")]
        case .flag: [("yes", "a task left warnings"), ("no", "no task left warnings")]
        case .sortKey: RunSortKey.allCases.flatMap { [($0.rawValue, "greatest first"), ("-\($0.rawValue)", "least first")] }
        case .direction:
            [(RunSort.Direction.descending.rawValue, "greatest first"), (RunSort.Direction.ascending.rawValue, "least first")]
        }
    }

    /// Those that a run can be in.
    fileprivate static var states: [(text: String, summary: String?)] {
        WorkflowState.allCases.filter { !$0.runStates.isEmpty }.map {
            ($0.rawValue, $0 == .running ? "in any of its states" : $0.label)
        }
    }
}
