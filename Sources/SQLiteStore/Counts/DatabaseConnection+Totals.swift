import StoreCore
import WorkflowModel

extension DatabaseConnection {
    /// The number of matching runs: from kept counts for the documented filters and for a single dimension, otherwise by a search.
    func total(of filter: NumberedFilter, within budget: SearchBudget, time: any TimeSource) throws -> RunTotal {
        guard filter.filter.hasAddedConditions else { return .exactly(Int(try tally(filter).wrappedSum())) }
        if let (counts, isComplete) = try subjectCounts(of: filter, within: budget, time: time) {
            let runs = Int(counts.wrappedSum())
            return isComplete ? .exactly(runs) : .moreThan(runs)
        }
        let walks = try RunWalks(filter, reading: RunReading(all: countingOrder(of: filter)), in: self)
        var search = BudgetedSearch(walks, within: budget, time: time, database: self)
        var runs = 0
        try search.forEachMatch("") { _, _ in
            runs += 1
            return true
        }
        return search.stop == nil ? .exactly(runs) : .moreThan(runs)
    }

    /// The order in which least runs have to be read to count all matches.
    private func countingOrder(of filter: NumberedFilter) throws -> RunSortKey {
        let isByRuntime = try filter.asksForRuntimeOnly && !hasFewRuntimes(filter)
        return try isByRuntime && canSortByRuntime ? .runtime : newestOrder(of: filter)
    }

    /// The same for a count that is one of the newest runs when it is not complete: by creation or by end.
    func newestOrder(of filter: NumberedFilter) throws -> RunSortKey {
        try filter.filter.rerunOf != nil || filedWalks(of: filter) != nil ? .created : filter.filter.sortKey
    }
}

extension NumberedFilter {
    /// Whether the window on runtimes leaves less to read than any other condition.
    fileprivate var asksForRuntimeOnly: Bool {
        let hasWindow = filter.created != nil || filter.ended.map { $0 != TimeWindow() } ?? false
        let hasOthers = hasWindow || filter.rerunOf != nil || !filter.subjectSets.isEmpty
        return filter.runtime != nil && !hasOthers && filter.states == nil && types == .any
    }
}
