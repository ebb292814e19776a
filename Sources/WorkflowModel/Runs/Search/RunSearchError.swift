/// Why a text is not a search.
public struct RunSearchError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Problem: Error, Hashable, Sendable {
        /// More bytes than ``RunSearch/longestText``.
        case tooLong(bytes: Int)
        /// More than ``RunSearch/mostTerms``.
        case tooManyTerms
        case quoteWithoutEnd
        /// A quoted value does not end where its quote ends.
        case textAfterQuote
        case unknownKey(String, nearest: SearchKey?)
        case noValue(SearchKey)
        case value(SearchKey, text: String)
        /// The key has no condition that excludes.
        case cannotExclude(SearchKey)
        /// A condition that can be given once.
        case repeated(SearchKey)
        case tooManyValues(SearchKey, most: Int)
        /// A window that ends before it starts.
        case reversed
        /// A problem of a value that was given for a field, not in a search.
        case field(RunFilterError)
    }

    /// The term as it was typed; empty for a problem of the whole text.
    @Exact public var term: String
    /// The place of the term's first character, counted from 1.
    public var place: Int
    public var problem: Problem

    init(_ problem: Problem, term: String = "", place: Int = 1) {
        self.term = term
        self.place = place
        self.problem = problem
    }

    /// One or two sentences: the term, its place, and the accepted forms.
    public var message: String {
        term.isEmpty ? "\(problem.sentence)." : "The search's term \(term.quoted) at character \(place) \(problem.sentence)."
    }

    /// The term within the text, in characters: an empty range for a problem of the whole text.
    public func range(in text: String) -> Range<String.Index> {
        guard let start = text.index(text.startIndex, offsetBy: place - 1, limitedBy: text.endIndex),
            let end = text.unicodeScalars.index(start, offsetBy: term.unicodeScalars.count, limitedBy: text.endIndex)
        else { return text.startIndex..<text.startIndex }
        return start..<end
    }

    public var description: String { message }
}

extension RunSearchError.Problem {
    /// The end of a sentence about the term, or a sentence about the search.
    fileprivate var sentence: String {
        switch self {
        case .tooLong(let bytes): "The search has \(bytes) bytes; accepted are \(RunSearch.longestText) at most"
        case .tooManyTerms: "The search has too many terms; accepted are \(RunSearch.mostTerms) at most"
        case .quoteWithoutEnd: "has a quote without an end; end it with \", and write \\\" for a quote inside"
        case .textAfterQuote: "has text after a quote; put a space after it, and write \\\" for a quote inside"
        case .unknownKey(let key, let nearest):
            """
            has the unknown key \(key.quoted)\(nearest.map { "; did you mean \($0.name.quoted)?" } ?? ".") Accepted keys: \
            \(SearchKey.allCases.map(\.name).joined(separator: ", ")). To look for the text itself, put it in quotes
            """
        case .noValue(let key): "has no value; accepted are \(key.acceptedValues)"
        case .value(let key, let text):
            if let nearest = suggestion(for: text, among: key.valueNames) {
                "has the value \(text.quoted); did you mean \(nearest.quoted)? Accepted are \(key.acceptedValues)"
            } else {
                "has the value \(text.quoted); accepted are \(key.acceptedValues)"
            }
        case .cannotExclude(let key): "cannot be excluded; \(Self.excludable(instead: key))"
        case .repeated(let key): "is a second condition of \(key.name.quoted); give it once"
        case .tooManyValues(let key, let most): "is one value too many of \(key.name.quoted); accepted are \(most) at most"
        case .reversed: "ends its window before the window starts"
        case .field(.value(let field, let text)): "\(field.name) \(text.quoted) \(field.kind.typedRefusal)"
        case .field(.tooManyValues(let field)): "\(field.name) is given more than \(field.mostValues) times"
        case .field(.reversed(let from, let first, let to, let last)):
            "\(to.name) (\(last)) is before \(from.name) (\(first)); a window ends after it starts"
        }
    }

    private static func excludable(instead key: SearchKey) -> String {
        let accepted = SearchKey.allCases.filter(\.takesExclusion).map { "-\($0.name)" }.joined(separator: ", ")
        return key == .sort
            ? "write -\(RunSortKey.runtime.rawValue) after the colon for the opposite order" : "accepted are \(accepted)"
    }
}

extension SearchKey {
    /// Whether values can be excluded, with `-` before the key.
    public var takesExclusion: Bool {
        switch form {
        case .states: true
        case .values(_, let excluded): excluded != nil
        // The opposite is the other value.
        case .flag: true
        case .time, .span, .durations, .least, .sortKey, .direction: false
        }
    }

    /// The names among the accepted values, for suggestions.
    fileprivate var valueNames: [String] {
        switch form {
        case .states: RunFilterField.Kind.state.names
        case .values(let field, _): field.kind.names
        case .time: TypedTimeReader.names
        case .span: TypedTimeReader.names.filter { $0 != "now" }
        case .flag: SearchTerm.flags.map(\.text)
        case .sortKey: RunSortKey.allCases.flatMap(\.searchNames)
        case .direction: RunSort.Direction.allCases.map(\.rawValue)
        case .durations, .least: []
        }
    }

    /// The accepted values, for messages.
    public var acceptedValues: String {
        switch form {
        case .states: RunStates.accepted
        case .values(let field, _): field.kind.accepted
        case .time: TypedTime.acceptedForms
        case .span: "a day, week, month or year, such as yesterday, monday, 3 dec, last week, dec 2025, 2025-12 or 2025-12-03"
        case .durations: ">10m, <1h or 10m..1h, with \(Duration.acceptedFilterForms)"
        case .least:
            """
            2 or >=2 for two or more, >1 for more than one, with numbers from \(RunFilterField.attempts.lowerBound) to \
            \(RunFilterField.attempts.upperBound)
            """
        case .flag: SearchTerm.flags.map(\.text).joined(separator: ", ")
        case .sortKey: RunSortKey.allCases.flatMap { [$0.rawValue, "-\($0.rawValue)"] }.joined(separator: ", ")
        case .direction: RunSort.Direction.allCases.map(\.rawValue).joined(separator: ", ")
        }
    }
}
