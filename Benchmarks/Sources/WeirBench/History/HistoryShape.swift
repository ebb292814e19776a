import WorkflowModel

/// The shape of generated history. The same shape, size and tenant always give the same runs.
enum HistoryShape: String, CaseIterable, Codable, Sendable {
    /// A typical shop: many types, mostly successes, runs that take minutes.
    case easy
    /// A history that is hard for lists: 99% of the runs in one state, a type with ten runs, 100,000 runs in one millisecond, ten runs that
    /// lasted 300 days, and 1,000 tenants of which one has nine tenths of all runs.
    case hard
    /// The easy history with a value in every field that a question can ask for: workflows, labels, modes, schedules, attempts.
    case asked

    /// Changed whenever the generated runs change, so that no outdated history is taken from the cache.
    static let version = 1

    /// 2026-01-01T00:00:00Z, when every history ends.
    static let end = Timestamp(milliseconds: 1_767_225_600_000)
    /// How far the history reaches back: 400 days.
    static let span = Duration.seconds(400 * 86_400)
    static var start: Timestamp { Timestamp(milliseconds: end.milliseconds - span.milliseconds) }
    /// The start of windows in the middle of the history; in the hard shape the crowded millisecond.
    static var middle: Timestamp { Timestamp(milliseconds: start.milliseconds + span.milliseconds / 2) }

    static let tenantsOfHard = 1_000

    /// The number of runs, of `count`, that belong to the measured tenant.
    func runsOfMainTenant(among count: Int) -> Int {
        self == .hard ? count - count / 10 : count
    }

    /// The other tenants, each with its number of runs.
    func otherTenants(among count: Int) -> [(name: String, runs: Int)] {
        guard self == .hard else { return [] }
        let others = Self.tenantsOfHard - 1
        let runs = count / 10
        return (0..<others).map { ("tenant-\($0)", runs / others + ($0 < runs % others ? 1 : 0)) }
    }

    /// Types and states by their frequency, for filters.
    var types: FilterValues<String> {
        FilterValues(
            rare: self == .hard ? "predictive-job/run" : "record-deletion/run", common: "courier.group/run", absent: "no.such/type")
    }

    var states: FilterValues<RunState> {
        FilterValues(rare: .stopping, common: .succeeded, absent: .started)
    }
}

/// Filter values that match many runs, few, or none.
struct FilterValues<Value: Sendable>: Sendable {
    var rare: Value
    var common: Value
    var absent: Value

    var named: [(name: String, value: Value)] {
        [("rare", rare), ("common", common), ("absent", absent)]
    }
}
