public import WorkflowModel

extension RunsInMemory {
    /// A difference between a page of a store and the runs in memory, in words; nil when there is none.
    ///
    /// The page has to contain exactly the matching runs between the place where it begins and the place where it says that the
    /// list continues.
    public func problem(with page: RunPage, for query: RunQuery) -> String? {
        let (key, direction, isBackwards) = (query.sort.key, query.readingDirection, query.before != nil)
        let start = query.before ?? query.after
        let end = isBackwards ? page.previous : page.next
        let found: [WorkflowRun] = isBackwards ? page.runs.reversed() : page.runs
        if found.count > query.limit { return "\(found.count) runs on a page of \(query.limit)" }
        if let end, end.key != key { return "the place to continue is one of the order by \(end.key)" }
        if let start, let end, !end.comes(after: start, direction) {
            return "the list continues at \(end.text), which is not behind \(start.text)"
        }
        let expected = read(from: start, to: end, by: key, direction).filter(query.filter.matches)
        if found != expected { return Self.difference(found, expected) }
        if page.endedEarly, query.isDocumented { return "a page of documented parameters ended early" }
        if page.endedEarly, count < SearchBudget.step { return "a search among \(count) runs, less than a step, ended early" }
        if let problem = problemWithEnd(end, of: found, page, query) { return problem }
        return problemWithBeginning(of: found, from: start, to: end, page, query)
    }

    private func problemWithEnd(_ end: RunCursor?, of found: [WorkflowRun], _ page: RunPage, _ query: RunQuery) -> String? {
        guard let end else { return page.endedEarly ? "the page ended early and does not say where it continues" : nil }
        guard !page.endedEarly else { return nil }
        if found.count < query.limit { return "a page of \(found.count) runs continues, but did not end early" }
        if found.last.flatMap({ RunCursor(of: $0, by: query.sort.key) }) != end { return "it does not continue after its last run" }
        let rest = read(from: end, to: nil, by: query.sort.key, query.readingDirection)
        return rest.contains(where: query.filter.matches) ? nil : "a full page continues, but no run follows"
    }

    /// The side of the page that the request came from.
    private func problemWithBeginning(
        of found: [WorkflowRun], from start: RunCursor?, to end: RunCursor?, _ page: RunPage, _ query: RunQuery
    ) -> String? {
        let beginning = query.before == nil ? page.previous : page.next
        guard let start else { return beginning == nil ? nil : "the first page has a previous one" }
        let expected = found.first.flatMap { RunCursor(of: $0, by: query.sort.key) } ?? end ?? start
        let isNothing = beginning == nil && end == nil && runs(matching: query.listedFilter, upTo: 1) == 0
        return beginning == expected || isNothing
            ? nil : "the way back begins at \(beginning?.text ?? "nowhere") and should begin at \(expected.text)"
    }

    private static func difference(_ found: [WorkflowRun], _ expected: [WorkflowRun]) -> String {
        let place = zip(found, expected).prefix { $0 == $1 }.count
        func text(_ runs: [WorkflowRun]) -> String { runs.dropFirst(place).first.map { "\($0)" } ?? "nothing" }
        return """
            \(found.count) runs where \(expected.count) match; run \(place) of the page is \(text(found)) \
            and should be \(text(expected))
            """
    }

    /// A difference between a total and the number of runs in the list; nil when there is none.
    public func problem(with total: RunTotal?, for query: RunQuery) -> String? {
        guard query.withTotal else { return total == nil ? nil : "there is a total, though none was requested" }
        switch total {
        case .exactly(let counted)?:
            let count = runs(matching: query.listedFilter)
            return counted == count ? nil : "the total is \(counted) and should be \(count)"
        case .moreThan(let counted)?:
            if query.isDocumented { return "the total of documented parameters is not exact" }
            if self.count < SearchBudget.step { return "a count among \(self.count) runs, less than a step, is not exact" }
            let count = runs(matching: query.listedFilter, upTo: counted)
            return counted == count ? nil : "more than \(counted) were counted of \(count)"
        case nil: return "there is no total"
        }
    }

    /// A difference between facets and the runs in memory; nil when there is none. A count that is not complete is one of the newest
    /// matching runs, by their creation or by their end.
    public func problem(with facets: RunFacets, for query: FacetQuery) -> String? {
        let isComplete = facets.total.exact != nil
        if !isComplete, count < SearchBudget.step { return "facets of \(count) runs, less than a step, are not complete" }
        let expected = (isComplete ? [RunSortKey.created] : [.created, .ended]).map { key in
            var counter = FacetCounter(query.facets)
            for run in read(from: nil, to: nil, by: key, .descending) {
                if case .moreThan(counter.runs) = facets.total { break }
                if query.filter.matches(run) { counter.add(run) }
            }
            return counter.facets(limit: query.limit, isComplete: isComplete)
        }
        return expected.contains(facets) ? nil : "the facets are \(facets) and should be \(expected[0])"
    }

    private func runs(matching filter: RunFilter, upTo most: Int = .max) -> Int {
        var count = 0
        for run in read(from: nil, to: nil, by: .created, .descending) where count < most {
            if filter.matches(run) { count += 1 }
        }
        return count
    }
}

extension RunQuery {
    /// Whether the documented API can ask for this, in either direction: such a list is never cut short.
    fileprivate var isDocumented: Bool {
        sort.key == filter.sortKey && !filter.hasAddedConditions && (filter.types.isEmpty || filter.types.single != nil)
    }
}

extension RunCursor {
    var text: String { "\(key) \(value) \(id)" }
}
