extension RunSearch {
    /// Reads a search.
    ///
    /// - Parameters:
    ///   - now: the instant to which relative times refer.
    ///   - zone: the zone of days and months that are typed as words.
    /// - Throws: the first problem, with the term that has it.
    public init(reading text: String, at now: Timestamp, in zone: ScheduleZone = .utc) throws(RunSearchError) {
        guard text.utf8.count <= Self.longestText else { throw RunSearchError(.tooLong(bytes: text.utf8.count)) }
        var reader = RunSearchReader(text: text, now: now, zone: zone)
        self = try reader.search()
    }
}

/// Reads the tokens of a search, term by term.
private struct RunSearchReader {
    let text: String
    let now: Timestamp
    let zone: ScheduleZone

    private var terms: [SearchTerm] = []
    private var conditions: SearchConditions
    /// The tokens that set a bound of a window.
    private var origins: [RunFilterField: SearchToken] = [:]

    init(text: String, now: Timestamp, zone: ScheduleZone) {
        self.text = text
        self.now = now
        self.zone = zone
        conditions = SearchConditions(now: now, zone: zone)
    }

    mutating func search() throws(RunSearchError) -> RunSearch {
        var tokenizer = SearchTokenizer(text) { SearchKey.named($0)?.key.hasList ?? false }
        var tokens: [SearchToken] = []
        while let token = tokenizer.next() { tokens.append(token) }
        var rest = tokens[...]
        while let token = rest.first {
            guard terms.count < RunSearch.mostTerms else { throw RunSearchError(.tooManyTerms) }
            do {
                let (term, count) = try Self.term(rest)
                rest = rest.dropFirst(count)
                terms.append(try conditions.add(term))
            } catch {
                throw self.error(error, token)
            }
            for field in conditions.bounds where origins[field] == nil { origins[field] = token }
        }
        return RunSearch(terms: terms, filter: try filter(), sort: conditions.sort)
    }

    /// - Throws: for a window that ends before it starts. The later of its terms is named.
    private func filter() throws(RunSearchError) -> RunFilter {
        let filter = conditions.complete
        do {
            try filter.checkWindows()
        } catch {
            guard case .reversed(let from, _, let to, _) = error,
                let token = [origins[from], origins[to]].compactMap({ $0 }).max(by: { $0.start < $1.start })
            else { return filter }
            throw self.error(.reversed, token)
        }
        return filter
    }

    private func error(_ problem: RunSearchError.Problem, _ token: SearchToken) -> RunSearchError {
        let before = String(String.UnicodeScalarView(text.unicodeScalars.prefix(token.start)))
        return RunSearchError(problem, term: token.text, place: before.count + 1)
    }

    /// The term with which tokens begin, and how many of them it takes.
    private static func term(_ tokens: ArraySlice<SearchToken>) throws(RunSearchError.Problem) -> (SearchTerm, Int) {
        let token = tokens[tokens.startIndex]
        switch token.fault {
        case .quoteWithoutEnd?: throw .quoteWithoutEnd
        case .textAfterQuote?: throw .textAfterQuote
        case nil: break
        }
        if let name = token.key { return (try term(named: name, token), 1) }
        if token.isPlainWord {
            let following = tokens.dropFirst().prefix(SearchPhrase.mostWords - 1).prefix { $0.isPlainWord && !$0.isExcluded }
            let words = [token.values[0].text] + following.map { $0.values[0].text }
            for count in stride(from: words.count, to: 0, by: -1) {
                if let term = SearchPhrase.term(Array(words.prefix(count)), isExcluded: token.isExcluded) { return (term, count) }
            }
        }
        return (SearchTerm(.text, token.values.map(\.text), isExcluded: token.isExcluded), 1)
    }

    private static func term(named name: String, _ token: SearchToken) throws(RunSearchError.Problem) -> SearchTerm {
        guard let named = SearchKey.named(name) else { throw .unknownKey(name, nearest: SearchKey.nearest(to: name)) }
        guard token.values.allSatisfy({ $0.isQuoted || !$0.text.isEmpty }) else { throw .noValue(named.key) }
        return SearchTerm(
            named.key, token.values.map { named.comparison + $0.text }, isExcluded: token.isExcluded != named.excludes)
    }
}
