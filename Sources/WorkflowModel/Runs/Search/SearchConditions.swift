/// The conditions of a search's terms, collected one by one.
struct SearchConditions {
    let now: Timestamp
    let zone: ScheduleZone

    private var filter = RunFilter()
    private var included: Set<RunState>?
    private var excluded: Set<RunState> = []
    private var counts: [RunFilterField: Int] = [:]
    private var key: RunSortKey?
    private var direction: RunSort.Direction?

    init(now: Timestamp, zone: ScheduleZone) {
        self.now = now
        self.zone = zone
    }

    /// The fields that have a value.
    var bounds: some Sequence<RunFilterField> { counts.keys }

    var complete: RunFilter {
        var filter = filter
        if included != nil || !excluded.isEmpty { filter.states = (included ?? Set(RunState.allCases)).subtracting(excluded) }
        return filter
    }

    /// nil when no term orders the list.
    var sort: RunSort? {
        guard key != nil || direction != nil else { return nil }
        return RunSort(by: key ?? filter.sortKey, direction ?? .descending)
    }

    /// Adds the condition of a term.
    /// - Returns: the term with its values in their canonical forms.
    mutating func add(_ term: SearchTerm) throws(RunSearchError.Problem) -> SearchTerm {
        guard !term.isExcluded || term.key.takesExclusion else { throw .cannotExclude(term.key) }
        var term = term
        switch term.key.form {
        case .values(let field, let without):
            let target = term.isExcluded ? without ?? field : field
            for index in term.values.indices {
                term.values[index] = Self.canonical(term.values[index], of: field.kind)
                try add(term.values[index], to: target, of: term.key)
            }
        case .states: term.values = try states(term)
        case .time(let field): try add(try time(term).start.iso8601, to: field, of: term.key)
        case .span(let from, let to):
            let time = try time(term)
            guard let end = time.end else { throw .value(term.key, text: term.values[0]) }
            try add(time.start.iso8601, to: from, of: term.key)
            try add(end.iso8601, to: to, of: term.key)
        case .durations(let from, let to): term.values = [try durations(term, from, to)]
        case .least(let field): term.values = [try least(term, field)]
        case .flag(let field): term = try flag(term, field)
        case .sortKey: term.values = [try sortKey(term)]
        case .direction: term.values = [try setDirection(Self.direction(term.values[0]), term).rawValue]
        }
        return term
    }

    private mutating func add(_ text: String, to field: RunFilterField, of key: SearchKey) throws(RunSearchError.Problem) {
        try count(field)
        do {
            try filter.add(text, to: field)
        } catch {
            throw .value(key, text: text)
        }
    }

    private mutating func count(_ field: RunFilterField) throws(RunSearchError.Problem) {
        counts[field, default: 0] += 1
        guard counts[field, default: 0] > field.mostValues else { return }
        throw field.mostValues == 1 ? .repeated(field.searchKey) : .tooManyValues(field.searchKey, most: field.mostValues)
    }

    /// Names of values in any case; a label also as `key=value`.
    private static func canonical(_ text: String, of kind: RunFilterField.Kind) -> String {
        switch kind {
        case .attribution, .runMode: return text.lowercased()
        case .label:
            guard !text.utf8.contains(UInt8(ascii: ":")), let equals = text.firstIndex(of: "=") else { return text }
            return "\(text[..<equals]):\(text[text.index(after: equals)...])"
        case .dateTime, .state, .text, .words, .duration, .count, .flag: return text
        }
    }
}

// MARK: The forms of values

extension SearchConditions {
    private mutating func states(_ term: SearchTerm) throws(RunSearchError.Problem) -> [String] {
        var names: [String] = []
        for name in term.values {
            guard let states = RunStates.named(name) else { throw .value(term.key, text: name) }
            try count(.state)
            if term.isExcluded { excluded.formUnion(states) } else { included = states.union(included ?? []) }
            names.append(WorkflowState(name: name)?.rawValue ?? SearchKey.folded(name))
        }
        return names
    }

    private func time(_ term: SearchTerm) throws(RunSearchError.Problem) -> TypedTime {
        guard let time = TypedTime(term.values[0], at: now, in: zone) else { throw .value(term.key, text: term.values[0]) }
        return time
    }

    /// The lower bound is included and the upper one is not, whether or not `=` follows the sign.
    private mutating func durations(
        _ term: SearchTerm, _ from: RunFilterField, _ to: RunFilterField
    ) throws(RunSearchError.Problem) -> String {
        let text = term.values[0]
        let (low, high) = Self.bounds(text)
        guard low != nil || high != nil else { throw .value(term.key, text: text) }
        var bounds: [Duration?] = []
        for (bound, field) in [(low, from), (high, to)] {
            guard let bound else {
                bounds.append(nil)
                continue
            }
            guard let duration = Duration(filterText: bound) else { throw .value(term.key, text: text) }
            try add(duration.configurationText, to: field, of: term.key)
            bounds.append(duration)
        }
        return SearchTerm.durations(from: bounds[0], to: bounds[1])
    }

    private static func bounds(_ text: String) -> (from: String?, to: String?) {
        for sign in [">=", ">"] where text.hasPrefix(sign) { return (String(text.dropFirst(sign.count)), nil) }
        for sign in ["<=", "<"] where text.hasPrefix(sign) { return (nil, String(text.dropFirst(sign.count))) }
        guard let dots = text.firstRange(of: "..") else { return (nil, nil) }
        let (from, to) = (text[..<dots.lowerBound], text[dots.upperBound...])
        return (from.isEmpty ? nil : String(from), to.isEmpty ? nil : String(to))
    }

    private mutating func least(_ term: SearchTerm, _ field: RunFilterField) throws(RunSearchError.Problem) -> String {
        let text = term.values[0]
        let sign = [">=", ">"].first { text.hasPrefix($0) } ?? ""
        let digits = text.dropFirst(sign.count)
        guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit), let number = Int(digits) else {
            throw .value(term.key, text: text)
        }
        let least = sign == ">" ? number + 1 : number
        guard RunFilterField.attempts.contains(least) else { throw .value(term.key, text: text) }
        try add(String(least), to: field, of: term.key)
        return ">=\(least)"
    }

    /// `yes` or `no`; also the words of the wire, and with `-` before the key the other value.
    private mutating func flag(_ term: SearchTerm, _ field: RunFilterField) throws(RunSearchError.Problem) -> SearchTerm {
        let text = term.values[0].lowercased()
        guard let typed = SearchTerm.flags.first(where: { $0.text == text || String($0.value) == text })?.value else {
            throw .value(term.key, text: term.values[0])
        }
        let value = typed != term.isExcluded
        try add(String(value), to: field, of: term.key)
        return SearchTerm(term.key, [SearchTerm.text(of: value)])
    }

    /// `runtime`, `-runtime`, `runtime-asc` or `runtime-desc`.
    private mutating func sortKey(_ term: SearchTerm) throws(RunSearchError.Problem) -> String {
        var text = SearchKey.folded(term.values[0])
        var direction: RunSort.Direction?
        if text.hasPrefix("-") {
            direction = .ascending
            text.removeFirst()
        } else if let suffix = RunSort.Direction.allCases.first(where: { text.hasSuffix("-\($0.rawValue)") }) {
            direction = suffix
            text.removeLast(suffix.rawValue.count + 1)
        }
        guard let key = RunSortKey.allCases.first(where: { $0.searchNames.containsExactly(text) }) else {
            throw .value(term.key, text: term.values[0])
        }
        guard self.key == nil else { throw .repeated(.sort) }
        self.key = key
        if let direction { _ = try setDirection(direction, term) }
        return (direction == .ascending ? "-" : "") + key.rawValue
    }

    private static func direction(_ text: String) -> RunSort.Direction? {
        let text = text.lowercased()
        return RunSort.Direction.allCases.first { $0.rawValue == text || "\($0)" == text }
    }

    private mutating func setDirection(
        _ direction: RunSort.Direction?, _ term: SearchTerm
    ) throws(RunSearchError.Problem) -> RunSort.Direction {
        guard let direction else { throw .value(term.key, text: term.values[0]) }
        guard self.direction == nil else { throw .repeated(.order) }
        self.direction = direction
        return direction
    }
}

extension RunSortKey {
    /// The names of the key in a search, the first of them canonical.
    var searchNames: [String] {
        switch self {
        case .created: [rawValue, "started"]
        case .ended: [rawValue]
        case .runtime: [rawValue, "took", "duration"]
        }
    }
}
