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
        let walks = try RunWalks(all: filter, in: self)
        var search = BudgetedSearch(walks, within: budget, time: time, database: self)
        var runs = 0
        try search.forEachMatch("") { _, _ in
            runs += 1
            return true
        }
        return search.stop == nil ? .exactly(runs) : .moreThan(runs)
    }
}
