import WorkflowModel

/// What made-up history looks like. The same shape, size and tenant always give the same runs.
enum HistoryShape: String, CaseIterable, Codable, Sendable {
    /// What a shop has: many types, mostly successes, runs that take minutes.
    case easy
    /// What breaks lists: 99% of the runs in one state, a type with ten runs, 100,000 runs in one millisecond, ten runs that
    /// lasted 300 days, and 1,000 tenants of which one has nine tenths of all runs.
    case hard

    /// Changed whenever other runs come out, so that no history of before is taken from the cache.
    static let version = 1

    /// 2026-01-01T00:00:00Z, when every history ends.
    static let end = Timestamp(milliseconds: 1_767_225_600_000)
    /// How far it reaches back: 400 days.
    static let span = Duration.seconds(400 * 86_400)
    static var start: Timestamp { Timestamp(milliseconds: end.milliseconds - span.milliseconds) }
    /// Where windows begin that are in the midst of it; in the hard shape the crowded millisecond.
    static var middle: Timestamp { Timestamp(milliseconds: start.milliseconds + span.milliseconds / 2) }

    static let tenantsOfHard = 1_000

    /// The tenant that is asked, and its runs among `count`.
    func runsOfMainTenant(among count: Int) -> Int {
        self == .easy ? count : count - count / 10
    }

    /// The tenants besides the one that is asked, each with its runs.
    func otherTenants(among count: Int) -> [(name: String, runs: Int)] {
        guard self == .hard else { return [] }
        let others = Self.tenantsOfHard - 1
        let runs = count / 10
        return (0..<others).map { ("tenant-\($0)", runs / others + ($0 < runs % others ? 1 : 0)) }
    }

    /// Types and states by how many runs have them, for filters.
    var types: FilterValues<String> {
        self == .easy
            ? FilterValues(rare: "record-deletion/run", common: "courier.group/run", absent: "no.such/type")
            : FilterValues(rare: "predictive-job/run", common: "courier.group/run", absent: "no.such/type")
    }

    var states: FilterValues<RunState> {
        FilterValues(rare: .stopping, common: .succeeded, absent: .started)
    }
}

/// Values of a filter that many runs have, few, or none.
struct FilterValues<Value: Sendable>: Sendable {
    var rare: Value
    var common: Value
    var absent: Value

    var named: [(name: String, value: Value)] {
        [("rare", rare), ("common", common), ("absent", absent)]
    }
}
