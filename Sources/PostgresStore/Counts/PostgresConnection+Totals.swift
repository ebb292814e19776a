import StoreCore
import WorkflowModel

extension PostgresConnection {
    /// The number of runs that match a filter: exact from the kept counts where the filter has no other conditions than those, and
    /// counted within a budget otherwise.
    func total(
        of filter: RunFilter, _ selection: RunSelection, within budget: SearchBudget, time: any TimeSource
    ) throws -> RunTotal {
        guard filter.hasAddedConditions else { return .exactly(try keptTotal(of: filter, selection)) }
        let steps = SearchSteps(budget, time: time)
        if let difference = FilterDifference(filter), let excluded = try excluded(by: difference, selection, steps) {
            return .exactly(try keptTotal(of: difference.all, selection) - excluded.values.reduce(0, +))
        }
        if let (counts, isComplete) = try subjectTotals(of: filter, selection, steps) {
            let total = counts.values.reduce(0, +)
            return isComplete ? .exactly(total) : .moreThan(total)
        }
        guard var search = try countingSearch(filter, selection, by: filter.keyToCount(preferringRuntime: true)) else {
            return .exactly(0)
        }
        var total = 0
        let isComplete = try count(&search, steps, decode: { _ in }, add: { total += $1 })
        return isComplete ? .exactly(total) : .moreThan(total)
    }

    /// The excluded runs of a difference by state; nil when they are not counted completely.
    func excluded(
        by difference: FilterDifference, _ selection: RunSelection, _ steps: SearchSteps
    ) throws -> [RunState: Int]? {
        guard let selection = try RunSelection(difference.excluded, tenant: selection.tenant, in: self) else { return [:] }
        guard let found = try subjectTotals(of: difference.excluded, selection, steps), found.isComplete else { return nil }
        return found.counts
    }

    /// - Parameter filter: without other conditions than windows, states and types.
    func keptTotal(of filter: RunFilter, _ selection: RunSelection) throws -> Int {
        let statement = RunTotalStatement(filter, selection)
        return try rows(statement.sql, values: statement.values) { try $0.next(Int.self) }.first ?? 0
    }

    /// A search that counts, from the greatest value down; nil when no run can match.
    func countingSearch(_ filter: RunFilter, _ selection: RunSelection, by key: RunSortKey) throws -> StoreSearch? {
        var filter = filter
        if key == .created {
            guard let narrowed = try narrowed(filter, selection) else { return nil }
            filter = narrowed
        }
        return StoreSearch(filter, selection, try walks(of: filter, by: key, selection), .descending)
    }
}

extension RunFilter {
    /// The order in which the fewest runs are read to count all that match.
    func keyToCount(preferringRuntime: Bool = false) -> RunSortKey {
        if rerunOf != nil { return .created }
        if created == nil, ended?.from != nil { return .ended }
        if configurations.included != nil || created != nil { return .created }
        if preferringRuntime, runtime != nil { return .runtime }
        return sortKey
    }
}
