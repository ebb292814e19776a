import StoreCore
import WorkflowModel

/// The runs that a walk of one index reads: those with these values in its leading columns.
enum WalkKey: Sendable {
    case all
    case state(RunState)
    case type(Int)
    case typeAndState(Int, RunState)
    case configuration(String)
    case importedConfiguration(String)
    case rerunsOf(RunID)

    /// The index that has these runs in that order.
    func index(by order: RunSortKey) -> String {
        guard order != .runtime else { return "runs_runtime" }
        return switch self {
        case .all: "runs_\(order.rawValue)"
        case .state: "runs_state_\(order.rawValue)"
        case .type: "runs_type_\(order.rawValue)"
        case .typeAndState: "runs_type_state_\(order.rawValue)"
        case .configuration: "runs_configuration"
        case .importedConfiguration: "runs_imported_configuration"
        case .rerunsOf: "runs_rerun_of"
        }
    }

    func conditions(in bindings: inout SQLBindings) -> String {
        switch self {
        case .all: ""
        case .state(let state): " AND r.state = \(bindings.add(state))"
        case .type(let type): " AND r.type = \(bindings.add(type))"
        case .typeAndState(let type, let state): " AND r.type = \(bindings.add(type)) AND r.state = \(bindings.add(state))"
        case .configuration(let id): " AND r.configuration = \(bindings.add(id))"
        case .importedConfiguration(let id): " AND r.imported_configuration = \(bindings.add(id))"
        case .rerunsOf(let run): " AND r.rerun_of = \(bindings.add(run))"
        }
    }
}

/// The walks of indexes that together read all runs of a filter in one order. SQLite merges them row by row.
struct RunWalks {
    /// A page reads one run more of each walk than it shows, and begins each walk by a search of its index.
    static let most = 32

    let filter: NumberedFilter
    let reading: RunReading
    let keys: [WalkKey]
    /// The conditions of the filter that all runs of the walks match.
    let fulfilled: WalkedConditions

    init(_ filter: NumberedFilter, reading: RunReading, in database: DatabaseConnection) throws {
        self.filter = filter
        self.reading = reading
        let (keys, byKeys) = try Self.keys(filter, reading.key, in: database)
        var fulfilled = byKeys
        switch reading.key {
        case .created: fulfilled.insert(.created)
        case .ended: fulfilled.insert(.ended)
        case .runtime:
            fulfilled.insert(.runtime)
            if filter.filter.ended == TimeWindow() { fulfilled.insert(.ended) }
        }
        (self.keys, self.fulfilled) = (keys, fulfilled)
    }

    /// Chooses the indexes that leave least runs to check: a run has few reruns, and a workflow fewer runs than a type or a state.
    private static func keys(
        _ filter: NumberedFilter, _ order: RunSortKey, in database: DatabaseConnection
    ) throws -> ([WalkKey], WalkedConditions) {
        guard order != .runtime else { return ([.all], []) }
        if order == .created {
            if let run = filter.filter.rerunOf { return ([.rerunsOf(run)], .rerunOf) }
            if let ids = filter.filter.configurations.included?.sortedTexts, ids.count <= RunFilterField.repeatedValues {
                return (ids.flatMap { [.configuration($0), .importedConfiguration($0)] }, .configurations)
            }
        }
        let states = filter.filter.statesToWalk
        let types = try database.types(of: filter.types, in: filter.tenant, limit: most)
        let isAnyType = filter.types == .any
        switch (types, states) {
        case (let types?, let states?) where types.count * states.count <= most:
            return (types.flatMap { type in states.map { .typeAndState(type, $0) } }, [.types, .states])
        case (let types?, let states):
            return (types.map { .type($0) }, states == nil ? [.types, .states] : .types)
        case (nil, let states?):
            return (states.map { .state($0) }, isAnyType ? [.types, .states] : .states)
        case (nil, nil):
            return ([.all], isAnyType ? [.types, .states] : .states)
        }
    }

    /// Whether the walks read no run that does not match, except those outside the window on ends in a list by creation: of those,
    /// the kept counts know where they are.
    var readOnlyMatches: Bool {
        let hasOtherWindow = reading.key == .ended && filter.filter.created != nil
        return reading.key != .runtime && !hasOtherWindow && !filter.filter.hasAddedConditions
            && fulfilled.isSuperset(of: [.types, .states])
    }

    /// The statement of all walks.
    /// - Parameters:
    ///   - columns: has the column of the order and `r.id`.
    ///   - range: the part of the order to read; nil for the filter's window.
    ///   - conditions: further ones, each after an AND.
    func statement(
        _ columns: String, _ range: SortRange? = nil, where conditions: String = "", in bindings: inout SQLBindings
    ) -> String {
        let tenant = bindings.add(filter.tenant)
        let bounds = reading.bounds(range ?? SortRange(of: filter.filter, by: reading.key), in: &bindings)
        var walks: [String] = []
        for key in keys {
            walks.append(
                """
                SELECT \(columns)
                FROM runs AS r INDEXED BY \(key.index(by: reading.key))
                WHERE r.tenant = \(tenant)\(key.conditions(in: &bindings))\(bounds)\(conditions)
                """)
        }
        return walks.joined(separator: " UNION ALL ") + "\n" + reading.ordering
    }

    /// Calls the body with the parts of the order that may hold matching runs, until it returns false.
    ///
    /// In a list by creation, a window on ends leaves out most runs. The kept counts tell in which spans its runs were created.
    func eachRange(in database: DatabaseConnection, _ body: (SortRange) throws -> Bool) throws {
        // No type is left when all are excluded.
        guard !keys.isEmpty else { return }
        guard reading.key == .created, filter.filter.ended != nil else {
            _ = try body(SortRange(of: filter.filter, by: reading.key))
            return
        }
        var type: Int?
        if case .of(let types) = filter.types, types.count == 1 { type = types.first }
        var selection = RunSelection(filter, type: type, by: .created)
        if let place = reading.place {
            let (first, end) = (TimeSpan.always.lowerBound, TimeSpan.always.upperBound)
            let time = min(max(place.value, first), end - 1)
            selection.span = selection.span.clamped(to: reading.direction == .descending ? first..<time + 1 : time..<end)
        }
        try database.eachSpan(thatMayHold: selection, newestFirst: reading.direction == .descending) { try body(SortRange($0)) }
    }
}
