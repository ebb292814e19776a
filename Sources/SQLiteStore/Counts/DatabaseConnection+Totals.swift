import StoreCore
import WorkflowModel

extension DatabaseConnection {
    /// The number of matching runs: from kept counts for the documented filters, otherwise by a search.
    func total(of filter: NumberedFilter, within budget: SearchBudget, time: any TimeSource) throws -> RunTotal {
        guard filter.filter.hasAddedConditions else { return .exactly(Int(try tally(filter).wrappedSum())) }
        let walks = try RunWalks(filter, reading: RunReading(all: filter.countingOrder), in: self)
        var search = BudgetedSearch(walks, within: budget, time: time, database: self)
        var runs = 0
        try search.forEachMatch("") { _, _ in
            runs += 1
            return true
        }
        return search.stop == nil ? .exactly(runs) : .moreThan(runs)
    }
}

extension NumberedFilter {
    /// The order in which least runs have to be read to count all matches.
    fileprivate var countingOrder: RunSortKey {
        if filter.rerunOf != nil || filter.configurations.included != nil { return .created }
        let hasWindow = filter.created != nil || filter.ended.map { $0 != TimeWindow() } ?? false
        if filter.runtime != nil, !hasWindow, filter.states == nil, types == .any { return .runtime }
        return filter.sortKey
    }
}
