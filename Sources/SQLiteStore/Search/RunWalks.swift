import StoreCore
import WorkflowModel

/// The walks that together read all runs of a filter in one order. SQLite merges them row by row.
struct RunWalks {
    /// A page reads one run more of each walk than it shows, and begins each walk by a search of its index.
    static let most = 48

    let filter: NumberedFilter
    let reading: RunReading
    let keys: [WalkKey]
    /// Runs that none of the keys reads. One more walk.
    let listed: ListedRuns
    /// The conditions of the filter that all runs of the walks match.
    let fulfilled: WalkedConditions

    /// - Throws: ``StoreError/Code/notReady`` for a list by runtime while many runs are not filed.
    init(_ filter: NumberedFilter, reading: RunReading, in database: DatabaseConnection) throws {
        if reading.key == .runtime {
            guard try database.canSortByRuntime else { throw StoreError.runtimesAreNotSorted() }
            var choice = WalkChoice(keys: [.filedByRuntime])
            try choice.listed.addUnfiled(of: filter, by: .runtime, in: database)
            self.init(filter, reading, choice, fulfilling: [])
        } else if reading.key == .created, filter.filter.rerunOf == nil, let choice = try database.filedWalks(of: filter) {
            self.init(filter, reading, choice, fulfilling: .states)
        } else {
            let (keys, fulfilled) = try database.indexKeys(of: filter, by: reading.key)
            self.init(filter, reading, WalkChoice(keys: keys), fulfilling: fulfilled)
        }
    }

    /// The walks that count all runs of a filter by reading least: newest first, by creation or by end.
    init(all filter: NumberedFilter, in database: DatabaseConnection) throws {
        if filter.filter.rerunOf == nil, let choice = try database.filedWalks(of: filter) {
            self.init(filter, RunReading(all: .created), choice, fulfilling: .states)
        } else {
            let order = filter.filter.rerunOf == nil ? filter.filter.sortKey : .created
            let (keys, fulfilled) = try database.indexKeys(of: filter, by: order)
            self.init(filter, RunReading(all: order), WalkChoice(keys: keys), fulfilling: fulfilled)
        }
    }

    /// The walks of the runs that are not filed, newest first: those that go on, and those at rest; and of the filed runs of subjects.
    init(unfiled filter: NumberedFilter, and subjects: [RunSubject] = [], in database: DatabaseConnection) throws {
        var choice = try database.unfiledWalks(of: filter)
        choice.keys += try database.walks(of: subjects, filter)
        self.init(filter, RunReading(all: .created), choice, fulfilling: .states)
    }

    private init(
        _ filter: NumberedFilter, _ reading: RunReading, _ choice: WalkChoice, fulfilling fulfilled: WalkedConditions
    ) {
        (self.filter, self.reading, keys, listed) = (filter, reading, choice.keys, choice.listed)
        var fulfilled = fulfilled
        switch reading.key {
        case .created: fulfilled.insert(.created)
        case .ended: fulfilled.insert(.ended)
        case .runtime:
            fulfilled.insert(.runtime)
            if filter.filter.ended == TimeWindow() { fulfilled.insert(.ended) }
        }
        if filter.types == .any { fulfilled.insert(.types) }
        self.fulfilled = fulfilled
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
    ///   - range: the part of the order to read; nil for the filter's window.
    ///   - conditions: further ones, each after an AND.
    ///   - columns: the columns of the order and others, from the table that has those of the order.
    func statement(
        _ range: SortRange? = nil, where conditions: String = "", in bindings: inout SQLBindings, columns: (WalkKey.Table) -> String
    ) -> String {
        let range = range ?? SortRange(of: filter.filter, by: reading.key)
        let tenant = bindings.add(filter.tenant)
        var bounds: [WalkKey.Table: String] = [:]
        var walks: [String] = []
        func add(_ tables: String, ordered table: WalkKey.Table, _ selected: String) {
            let bound = bounds[table] ?? reading.bounds(range, of: table, in: &bindings)
            bounds[table] = bound
            walks.append(
                """
                SELECT \(columns(table))
                FROM \(tables)
                WHERE r.tenant = \(tenant)\(selected)\(bound)\(conditions)
                """)
        }
        for key in keys { add(key.tables(by: reading.key), ordered: key.ordered, key.conditions(of: tenant, in: &bindings)) }
        let numbers = listed.numbers(in: range).map(String.init)
        if !numbers.isEmpty {
            add(ListedStatement.tables, ordered: .runs, " AND r.number IN (\(numbers.joined(separator: ", ")))")
        }
        return walks.joined(separator: " UNION ALL ") + "\n" + reading.ordering
    }

    /// Calls the body with the parts of the order that may hold matching runs, until it returns false.
    ///
    /// In a list by creation, a window on ends leaves out most runs. The kept counts tell in which spans its runs were created.
    func eachRange(in database: DatabaseConnection, _ body: (SortRange) throws -> Bool) throws {
        // No type is left when all are excluded, and a subject may have no run.
        func read(_ range: SortRange) throws -> Bool {
            keys.isEmpty && listed.numbers(in: range).isEmpty ? true : try body(range)
        }
        guard reading.key == .created, filter.filter.ended != nil, !keys.isEmpty else {
            _ = try read(SortRange(of: filter.filter, by: reading.key))
            return
        }
        var type: Int?
        if case .of(let types) = filter.types, types.count == 1 { type = types.first }
        var selection = RunSelection(filter, of: RunGroup(type: type), by: .created)
        if let place = reading.place {
            let (first, end) = (TimeSpan.always.lowerBound, TimeSpan.always.upperBound)
            let time = min(max(place.value, first), end - 1)
            selection.span = selection.span.clamped(to: reading.direction == .descending ? first..<time + 1 : time..<end)
        }
        try database.eachSpan(thatMayHold: selection, newestFirst: reading.direction == .descending) { try read(SortRange($0)) }
    }
}

extension StoreError {
    fileprivate static func runtimesAreNotSorted() -> StoreError {
        StoreError(
            .notReady, "Runs are being sorted by runtime, after an upgrade or a large import. Try again in a moment.")
    }
}
