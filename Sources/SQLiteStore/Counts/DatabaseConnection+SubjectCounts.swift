import StoreCore
import WorkflowModel

/// Counts of matching runs: of those that are filed from the trees of their subjects, of the others run by run.
extension DatabaseConnection {
    /// Values of a dimension whose counts are added up. Each costs the reading of some nodes, which a budget does not measure.
    static let mostValues = 100
    /// Runs that go on, in a count by values. Reading so many takes some 20 ms.
    static let mostOpen: Int64 = 10_000

    /// The matching runs by state, when values of a single dimension or a word are asked for or excluded, and nothing else beside
    /// states, windows and, without a word, types; nil for other filters.
    /// - Returns: counts that are too low when they are not complete, because the budget was used up.
    func subjectCounts(
        of filter: NumberedFilter, within budget: SearchBudget, time: any TimeSource
    ) throws -> (counts: StateCounts, isComplete: Bool)? {
        if let difference = FilterDifference(filter.filter) {
            return try counts(of: difference, in: filter.tenant, within: budget, time: time)
        }
        let partial = filter.filter.countedSubjects?.partial ?? []
        // Few runs are found by an index of runtimes.
        if try !partial.isEmpty && hasFewRuntimes(filter) { return nil }
        guard try FilingState(self).isUsable, var counts = try filedCounts(filter) else { return nil }
        let isComplete = try eachUnfiled(filter, and: partial, "r.state", within: budget, time: time) { row in
            counts[try row.next(RunState.self)] += 1
        }
        return (counts, isComplete)
    }

    /// nil when the excluded runs are not counted completely.
    private func counts(
        of difference: FilterDifference, in tenant: Int, within budget: SearchBudget, time: any TimeSource
    ) throws -> (counts: StateCounts, isComplete: Bool)? {
        guard let all = try NumberedFilter(difference.all, tenant: tenant, database: self) else { return (.zero, true) }
        guard let excluded = try NumberedFilter(difference.excluded, tenant: tenant, database: self) else {
            return (try tally(all), true)
        }
        let found = try subjectCounts(of: excluded, within: budget, time: time)
        guard let found, found.isComplete else { return nil }
        return (try tally(all) &- found.counts, true)
    }

    /// Adds the values of the dimensions of a query, which asks for states and windows only.
    /// - Returns: false when they cannot be counted so: there are too many values, too many runs go on, or are not filed yet.
    func countValues(
        of query: FacetQuery, _ filter: NumberedFilter, time: any TimeSource, in counter: inout FacetCounter
    ) throws -> Bool {
        let dimensions = query.facets.compactMap { facet in RunDimension(facet).map { (facet, $0) } }
        guard !dimensions.isEmpty else { return true }
        guard filter.types == .any, try !hasOpenRuns(of: filter, above: Self.mostOpen), try FilingState(self).isUsable else {
            return false
        }
        let known = try dimensions.map { facet, dimension in (facet, try values(of: dimension, in: filter.tenant)) }
        guard known.allSatisfy({ $1.count <= Self.mostValues }) else { return false }
        for (facet, values) in known {
            for value in values {
                counter.add(Int(try filedCounts(of: value.number, filter).wrappedSum()), with: value.text, of: facet)
            }
        }
        var names = RunNames(self)
        return try eachUnfiled(filter, FacetStatement.columns, within: query.budget, time: time) { row in
            let run = try row.nextCountedRun(of: query.tenant, &names)
            for (facet, _) in dimensions {
                if let value = facet.value(of: run) { counter.add(1, with: value, of: facet) }
            }
        }
    }

    /// Those of filed runs, except the runs of subjects of which some do not match.
    private func filedCounts(_ filter: NumberedFilter) throws -> StateCounts? {
        var counts = StateCounts.zero
        if let subjects = filter.filter.countedSubjects {
            for subject in subjects.whole {
                guard let number = try number(of: subject, in: filter.tenant) else { continue }
                let found = filter.types == .any ? try filedCounts(of: number, filter) : try typedCounts(of: number, filter)
                guard let found else { return nil }
                counts &+= found
            }
        } else if let word = filter.filter.onlyWord, let found = try FoundWord(word, in: filter.tenant, self) {
            for text in found.texts { counts &+= try filedCounts(of: text, filter) }
            for run in try found.ids.compactMap(filedRun) where filter.hasInStatesAndWindows(run) { counts[run.state] += 1 }
        } else {
            return nil
        }
        return counts
    }

    private func filedCounts(of subject: Int, _ filter: NumberedFilter) throws -> StateCounts {
        try tally(RunSelection(filter, of: .subject(subject), by: .created))
    }

    /// The values that filed runs have; one more than the limit when there are more.
    private func values(of dimension: RunDimension, in tenant: Int) throws -> [(number: Int, text: String)] {
        try rows(SubjectStatement.values, tenant, dimension.rawValue, Self.mostValues + 1) { (try $0.next(), try $0.next()) }
    }

    /// Calls the body with each matching run that is not filed, or that is filed under some subjects.
    /// - Returns: false when the budget was used up before.
    private func eachUnfiled(
        _ filter: NumberedFilter, and subjects: [RunSubject] = [], _ columns: String, within budget: SearchBudget,
        time: any TimeSource, _ body: (inout ColumnReader) throws -> Void
    ) throws -> Bool {
        let walks = try RunWalks(unfiled: filter, and: subjects, in: self)
        var search = BudgetedSearch(walks, within: budget, time: time, database: self)
        try search.forEachMatch(columns) { _, row in
            try body(&row)
            return true
        }
        return search.stop == nil
    }
}

extension NumberedFilter {
    fileprivate func hasInStatesAndWindows(_ run: FiledRun) -> Bool {
        states.contains(run.state) && SortRange(filter.created).contains(run.createdAt)
            && (filter.ended == nil || run.endedAt.map(SortRange(filter.ended).contains) ?? false)
    }
}
