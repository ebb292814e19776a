import StoreCore
import WorkflowModel

/// A walk of one index in the order of a list: what all runs of it have in common.
enum RunWalk: Hashable {
    /// nil for any.
    case runs(type: Int?, state: RunState?)
    case configuration(String)
    /// Runs of imported history that name a workflow.
    case importedConfiguration(String)
    case reruns(of: RunID)

    /// The conditions on the columns between the tenant and the order, each with AND before it.
    /// - Parameter bind: adds a value to the statement and returns its placeholder.
    func conditions(binding bind: (any SQLValue) -> String) -> String {
        switch self {
        case .runs(let type, let state):
            (type.map { " AND type = \(bind($0))" } ?? "") + (state.map { " AND state = \(bind($0))" } ?? "")
        case .configuration(let id): " AND configuration = \(bind(id))"
        case .importedConfiguration(let id): " AND imported_configuration = \(bind(id))"
        case .reruns(let run): " AND rerun_of = \(bind(run))"
        }
    }
}

/// The walks by which the runs of a filter are read in one order: they are merged, and no run is in two of them.
struct RunWalks {
    /// Walks of one statement. Each opens an index of every month.
    static let most = RunState.allCases.count

    let key: RunSortKey
    private(set) var walks: [RunWalk]
    /// Whether every run of the walks matches the filter, with the bounds of the order's own window.
    private(set) var areComplete: Bool

    /// - Parameter filter: one that requires an end, where the order leaves out runs that have not ended.
    init(_ filter: RunFilter, by key: RunSortKey, _ selection: RunSelection) {
        self.key = key
        // The conditions that the walks do not check.
        var rest = filter
        switch key {
        case .created: rest.created = nil
        case .ended: rest.ended = nil
        case .runtime:
            rest.runtime = nil
            if rest.ended == TimeWindow() { rest.ended = nil }
        }
        if selection.types == .any { rest.types = TextChoice() }
        if selection.principals == .any { rest.principals = TextChoice() }
        walks = [.runs(type: nil, state: nil)]
        if key == .created, let run = filter.rerunOf {
            walks = [.reruns(of: run)]
            rest.rerunOf = nil
        } else if key == .created, let ids = filter.configurations.remaining, ids.count * 2 <= Self.most {
            walks = ids.sortedTexts.flatMap { [.configuration($0), .importedConfiguration($0)] }
            rest.configurations = TextChoice()
        } else if key != .runtime {
            walks = Self.walks(of: filter, selection, rest: &rest)
        }
        areComplete = rest == RunFilter()
    }

    /// A walk for each type and state, or for the types or the states alone where those would be too many.
    private static func walks(of filter: RunFilter, _ selection: RunSelection, rest: inout RunFilter) -> [RunWalk] {
        var types: [Int?] = [nil]
        if case .of(let numbers) = selection.types, numbers.count <= most {
            types = numbers.sorted()
            rest.types = TextChoice()
        }
        let states = filter.statesToWalk?.map(Optional.some) ?? [nil]
        if filter.statesToWalk == nil { rest.states = nil }
        guard types.count * states.count <= most else { return types.map { .runs(type: $0, state: nil) } }
        rest.states = nil
        return types.flatMap { type in states.map { .runs(type: type, state: $0) } }
    }
}
