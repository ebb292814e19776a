import StoreCore
import WorkflowModel

/// The expression by which a search checks a run, and its values.
///
/// All searches have the same expression, whatever their filter asks for: a condition that the filter does not have is NULL. So a
/// session plans the statements of searches once. Planning for many months takes longer than checking thousands of runs.
///
/// Words are only checked as far as ASCII goes: the expression holds for every run that ``RunWords`` matches, and for some more.
struct RunCheck {
    private(set) var sql = ""
    /// The placeholders begin at the number that was given for the first.
    private(set) var values: [any SQLValue] = []
    private let first: Int

    init(_ filter: RunFilter, _ selection: RunSelection, first: Int) {
        self.first = first
        let conditions =
            times(of: filter) + numbers(of: filter, selection) + texts(of: filter)
            + [labels(filter.labels), words(filter.words)]
        sql = "coalesce(\(conditions.joined(separator: " AND ")), FALSE)"
    }

    private mutating func bind(_ value: any SQLValue) -> String {
        values.append(value)
        return "$\(first + values.count - 1)"
    }

    private mutating func times(of filter: RunFilter) -> [String] {
        [RunSortKey.created, .ended, .runtime].map { key in
            let window = filter.window(of: key)
            let (from, to) = (bind(window.from ?? .min), bind(window.to ?? .max))
            let isInside = "\(key.sql) >= \(from) AND \(key.sql) < \(to)"
            switch key {
            case .created: return isInside
            case .ended: return "(\(bind(filter.ended == nil)) OR \(isInside))"
            case .runtime: return "(\(bind(filter.runtime == nil)) OR \(isInside))"
            }
        }
    }

    private mutating func numbers(of filter: RunFilter, _ selection: RunSelection) -> [String] {
        [
            isAny("state", Column(filter.states.map { $0.map(\.code).sorted() })), isAny("type", selection.types),
            isAny("principal", selection.principals), "attempts >= \(bind(filter.attemptsFrom ?? .min))",
            equals("(warnings > 0)", filter.hasWarnings),
        ]
    }

    private mutating func texts(of filter: RunFilter) -> [String] {
        [
            isAny("error_attribution", Column(filter.attributions.map { $0.map(\.rawValue).sorted() })),
            isAny("error_type", filter.errorTypes), isAny(RunColumns.configuration, filter.configurations),
            equals("run_mode", filter.runMode), equals("schedule", filter.schedule), equals("rerun_of", filter.rerunOf),
        ]
    }

    /// The labels of a run are one text with commas between them, and no label contains a comma.
    private mutating func labels(_ labels: LabelChoice) -> String {
        let (included, excluded) = (bind(labels.included.texts), bind(labels.excluded.texts))
        return """
            (\(included) IS NULL OR string_to_array(labels, ',') @> \(included)) \
            AND coalesce(NOT string_to_array(labels, ',') && \(excluded), TRUE)
            """
    }

    /// Words that SQL looks for. Swift looks for all of them.
    private static let patterns = 4

    private mutating func words(_ words: RunWords) -> String {
        let patterns = words.included.compactMap(\.asciiPattern).sorted().prefix(Self.patterns)
        let pattern = bind(Column(patterns.isEmpty ? nil : Array(patterns)))
        // JSON has each value as it is, unless a character is escaped in it.
        let texts = "concat_ws(chr(10), name, id, \(RunColumns.configuration), error_message, parameters)"
        return """
            (\(pattern) IS NULL OR octet_length(\(texts)) <> char_length(\(texts)) \
            OR strpos(parameters, chr(92)) > 0 \
            OR lower(\(texts) COLLATE "C") LIKE ALL (\(pattern)))
            """
    }

    // MARK: Conditions on one column

    private mutating func equals(_ column: String, _ value: some SQLValue) -> String {
        let value = bind(value)
        return "(\(value) IS NULL OR \(column) = \(value))"
    }

    private mutating func isAny(_ column: String, _ values: any SQLValue) -> String {
        let values = bind(values)
        return "(\(values) IS NULL OR \(column) = ANY (\(values)))"
    }

    /// A run without a value has none of the excluded ones.
    private mutating func isNone(_ column: String, _ values: any SQLValue) -> String {
        "coalesce(\(column) <> ALL (\(bind(values))), TRUE)"
    }

    private mutating func isAny(_ column: String, _ choice: NumberChoice) -> String {
        var (included, excluded): ([Int]?, [Int]?)
        switch choice {
        case .any: break
        case .of(let numbers): included = numbers.sorted()
        case .except(let numbers): excluded = numbers.sorted()
        }
        return isAny(column, Column(included)) + " AND " + isNone(column, Column(excluded))
    }

    private mutating func isAny(_ column: String, _ choice: TextChoice) -> String {
        let excluded = choice.excluded.isEmpty ? nil : choice.excluded.sortedTexts
        return isAny(column, Column(choice.included?.sortedTexts)) + " AND " + isNone(column, Column(excluded))
    }
}

extension Set<RunLabel> {
    /// NULL without labels.
    fileprivate var texts: Column<String> { Column(isEmpty ? nil : sorted().map(\.description)) }
}

extension SearchWord {
    /// Characters of a pattern. LIKE compares it anew at each place of a text, so a long one could take hundreds of times as long.
    private static let patternCharacters = 8

    /// A pattern of LIKE for ASCII texts with the beginning of the word, in lower case; nil for a word of other characters, which
    /// may be equal to a character of ASCII in another case.
    fileprivate var asciiPattern: String? {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let escaped = text.lowercased().prefix(Self.patternCharacters).map {
            ["%", "_", "\\"].contains($0) ? "\\\($0)" : String($0)
        }
        return "%\(escaped.joined())%"
    }
}
