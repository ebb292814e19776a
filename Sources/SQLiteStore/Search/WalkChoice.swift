import StoreCore
import WorkflowModel

/// The walks that read all runs of a filter, and as few others as possible.
struct WalkChoice {
    var keys: [WalkKey] = []
    /// Runs that none of the keys reads. One more walk.
    var listed = ListedRuns.none
}

extension DatabaseConnection {
    /// The walks of indexes, in a list by creation or by end.
    func indexKeys(of filter: NumberedFilter, by order: RunSortKey) throws -> ([WalkKey], WalkedConditions) {
        // A run has few reruns.
        if order == .created, let run = filter.filter.rerunOf { return ([.rerunsOf(run)], .rerunOf) }
        if let types = try types(of: filter.types, in: filter.tenant, limit: RunWalks.most) {
            let keys = try types.flatMap { type in
                let counts = try keptCounts(of: .type(type), in: filter)
                return filter.states.filter { counts[$0] > 0 }.map { WalkKey.typeAndState(type, $0) }
            }
            if keys.count <= RunWalks.most { return (keys, [.types, .states]) }
        }
        return (filter.filter.statesToWalk.map { states in states.map { .state($0) } } ?? [.all], .states)
    }

    /// The filed runs under the subjects of a filter or in its window on runtimes, and all runs that are not filed; nil where an
    /// index leaves less to check.
    func filedWalks(of filter: NumberedFilter) throws -> WalkChoice? {
        guard try usesFiled(filter) else { return nil }
        var choice = try unfiledWalks(of: filter)
        let sets = try filter.filter.subjectSets.map { try FiledSubjects($0.all, filter, in: self) }
        let possible = sets.filter { !$0.areCrowded && $0.keys.count + choice.keys.count < RunWalks.most }
        let best = possible.min { $0.runs < $1.runs }
        if best.map({ $0.runs > ListedRuns.mostRuntimes }) ?? true, try hasFewRuntimes(filter) {
            try choice.listed.addRuntimes(of: filter, in: self)
            return choice
        }
        if let found = try runsWithWords(of: filter, fewerThan: best?.runs, walks: RunWalks.most - choice.keys.count - 1) {
            choice.keys += found.keys
            try choice.listed.add(found.listed, of: filter, in: self)
            return choice
        }
        guard let best, try best.runs <= runsOfTypes(filter) else { return nil }
        choice.keys += best.keys
        return choice
    }

    /// The filed runs that may have the word that fewest runs may have; nil where another condition leaves as few.
    private func runsWithWords(of filter: NumberedFilter, fewerThan others: Int64?, walks: Int) throws -> WordRuns? {
        if let others, others <= ListedRuns.mostRuntimes { return nil }
        let found = try filter.filter.words.included.compactMap { try WordRuns($0, filter, walks: walks, in: self) }
        let least = min(others ?? .max, try runsOfTypes(filter))
        return found.filter { $0.runs < least }.min { $0.runs < $1.runs }
    }

    /// The filed runs of some subjects, in the states of a filter.
    func walks(of subjects: [RunSubject], _ filter: NumberedFilter) throws -> [WalkKey] {
        try FiledSubjects(subjects, filter, in: self).keys
    }

    /// The runs that go on, and those at rest that are not filed.
    func unfiledWalks(of filter: NumberedFilter) throws -> WalkChoice {
        let counts = try keptCounts(of: .all, in: filter)
        var choice = WalkChoice(keys: filter.states.filter { !$0.hasEnded && counts[$0] > 0 }.map { .open($0) })
        try choice.listed.addUnfiled(of: filter, by: .created, in: self)
        return choice
    }

    /// Whether a filter has conditions by which runs are filed, and few runs at rest are not.
    private func usesFiled(_ filter: NumberedFilter) throws -> Bool {
        let hasConditions = !filter.filter.subjectSets.isEmpty || !filter.filter.words.included.isEmpty
        return try hasConditions && FilingState(self).isUsable
    }

    /// Whether more runs than a limit go on in the states of a filter.
    func hasOpenRuns(of filter: NumberedFilter, above limit: Int64) throws -> Bool {
        let states = filter.states.filter { !$0.hasEnded }
        // They include imported runs.
        guard try keptCounts(of: .all, in: filter).only(states).wrappedSum() > limit else { return false }
        var runs: Int64 = 0
        for state in states { runs += try row(OpenStatement.count, filter.tenant, state, limit + 1) { try $0.next() } ?? 0 }
        return runs > limit
    }

    var canSortByRuntime: Bool {
        get throws { try FilingState(byRuntime: self).isUsable }
    }

    /// The runs that the indexes by type leave.
    private func runsOfTypes(_ filter: NumberedFilter) throws -> Int64 {
        guard case .of(let types) = filter.types else { return .max }
        return try types.reduce(0) { try $0 + keptCounts(of: .type($1), in: filter).wrappedSum() }
    }

    /// The runs of a group in the states of a filter, at any time.
    func keptCounts(of group: RunGroup, in filter: NumberedFilter) throws -> StateCounts {
        let timeline = RunTimeline(tenant: filter.tenant, group: group, clock: .created)
        return try node(of: timeline, .everything, around: 0)?.counts.only(filter.states) ?? .zero
    }
}

enum OpenStatement {
    /// Up to a limit.
    static let count = """
        SELECT count(*)
        FROM (SELECT 1 FROM runs AS r INDEXED BY runs_open WHERE r.tenant = ? AND r.state = ? AND \(WalkKey.isOpen) LIMIT ?)
        """
}

/// The filed runs of some subjects in the states of a filter.
private struct FiledSubjects {
    var keys: [WalkKey] = []
    var runs: Int64 = 0
    var areCrowded = false

    init(_ subjects: [RunSubject], _ filter: NumberedFilter, in database: DatabaseConnection) throws {
        for subject in subjects {
            guard let number = try database.number(of: subject, in: filter.tenant) else { continue }
            let counts = try database.keptCounts(of: .subject(number), in: filter)
            keys += filter.states.filter { counts[$0] > 0 }.map { .filed(subject: number, $0) }
            runs += counts.wrappedSum()
            if try database.isCrowded(number, runs: counts.wrappedSum()) { areCrowded = true }
        }
    }
}
