extension RunSearch {
    /// The search that means a filter and an order.
    public init(_ filter: RunFilter, sort: RunSort? = nil) {
        self.init(terms: Self.terms(of: filter, sort), filter: filter, sort: sort)
    }

    /// Reads a search from the texts of its fields, as they stand in an address or a command line. Times may be typed, and then
    /// stay as they are.
    ///
    /// - Parameters:
    ///   - texts: the values given for a field; empty when there are none.
    ///   - span: the value of ``SearchKey/on``, which excludes bounds of the creation.
    ///   - now: the instant to which relative times refer.
    /// - Throws: ``RunSearchError/Problem/field(_:)``, and of the span the problem of its term.
    public init(
        fields texts: (RunFilterField) -> [String], on span: String? = nil, sort: RunSort? = nil, at now: Timestamp,
        in zone: ScheduleZone = .utc
    ) throws(RunSearchError) {
        var filter: RunFilter
        do {
            filter = try RunFilter(reading: texts, at: now, in: zone)
        } catch {
            throw RunSearchError(.field(error))
        }
        var terms = Self.terms(of: filter, sort).map { term in
            guard case .time(let field) = term.key.form, let text = texts(field).first,
                TypedTime(text, at: now, in: zone)?.isRelative == true
            else { return term }
            return SearchTerm(term.key, [text])
        }
        if let span {
            let term = SearchTerm(.on, [span])
            guard filter.created == nil else { throw RunSearchError(.repeated(.since), term: term.text) }
            guard let time = TypedTime(span, at: now, in: zone), let end = time.end else {
                throw RunSearchError(.value(.on, text: span), term: term.text)
            }
            filter.created = TimeWindow(from: time.start, to: end)
            let place = terms.firstIndex { $0.key.place > term.key.place } ?? terms.endIndex
            terms.insert(term, at: place)
        }
        self.init(terms: terms, filter: filter, sort: sort)
    }

    private static func terms(of filter: RunFilter, _ sort: RunSort?) -> [SearchTerm] {
        func texts(_ field: RunFilterField) -> [String] { filter.value(of: field)?.texts ?? [] }
        return SearchKey.allCases.flatMap { key -> [SearchTerm] in
            switch key.form {
            case .values(let field, let excluded):
                return values(key, texts(field), isExcluded: false) + values(key, excluded.map(texts) ?? [], isExcluded: true)
            case .states: return values(key, texts(.state), isExcluded: false)
            case .time(let field):
                guard case .dateTime(let instant)? = filter.value(of: field) else { return [] }
                return [SearchTerm(key, [instant.shortISO8601])]
            case .durations(let from, let to):
                let bounds = [from, to].map { field -> Duration? in
                    guard case .duration(let duration)? = filter.value(of: field) else { return nil }
                    return duration
                }
                return bounds.allSatisfy { $0 == nil }
                    ? [] : [SearchTerm(key, [SearchTerm.durations(from: bounds[0], to: bounds[1])])]
            case .least(let field): return values(key, texts(field).map { ">=\($0)" }, isExcluded: false)
            case .flag(let field):
                guard case .flag(let value)? = filter.value(of: field) else { return [] }
                return [SearchTerm(key, [SearchTerm.text(of: value)])]
            case .sortKey:
                return sort.map { [SearchTerm(key, [($0.direction == .ascending ? "-" : "") + $0.key.rawValue])] } ?? []
            // Written by other keys.
            case .span, .direction: return []
            }
        }
    }

    /// Words of the text search are a term each.
    private static func values(_ key: SearchKey, _ texts: [String], isExcluded: Bool) -> [SearchTerm] {
        guard key != .text else { return texts.map { SearchTerm(key, [$0], isExcluded: isExcluded) } }
        return texts.isEmpty ? [] : [SearchTerm(key, texts, isExcluded: isExcluded)]
    }
}

extension SearchTerm {
    /// The values of ``SearchKey/warnings``.
    static let flags = [(text: "yes", value: true), (text: "no", value: false)]

    static func text(of flag: Bool) -> String { flag ? "yes" : "no" }

    /// The value of ``SearchKey/took``.
    static func durations(from: Duration?, to: Duration?) -> String {
        switch (from, to) {
        case (let from?, let to?): "\(from.configurationText)..\(to.configurationText)"
        case (let from?, nil): ">\(from.configurationText)"
        case (nil, let to?): "<\(to.configurationText)"
        case (nil, nil): ""
        }
    }
}

extension Timestamp {
    /// The shortest ISO 8601 form with a day: `2024-04-01`, `2024-04-01T09:30Z`.
    fileprivate var shortISO8601: String {
        let text = iso8601
        if text.hasSuffix("T00:00:00.000Z") { return String(text.prefix(10)) }
        if text.hasSuffix(":00.000Z") { return "\(text.prefix(16))Z" }
        return text.hasSuffix(".000Z") ? "\(text.prefix(19))Z" : text
    }
}
