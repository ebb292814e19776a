public import WorkflowModel

/// Generated history for imports, with a mix of states, types and end times.
public struct RunHistory: Sendable {
    /// The time over which a history is spread.
    public struct Spread: Sendable {
        /// Runs are created within this time after ``StoreBench/start``, in milliseconds.
        public var span: Int64
        /// The limit of a run's duration, in milliseconds.
        public var longest: Int64

        /// Few instants, each shared by many runs.
        public static let crowded = Spread(span: 40, longest: 20)
        /// Three weeks, with runs of up to three days.
        public static let weeks = Spread(span: 21 * 86_400_000, longest: 3 * 86_400_000)
    }

    public static let types = ["courier.group/run", "campaign.send", "bridge.sync"]

    public var tenant: Tenant
    public var runs: [WorkflowRun]
    private var spread: Spread

    public init(_ count: Int, of tenant: Tenant = StoreBench.acme, over spread: Spread = .crowded, random: any RandomSource) {
        self.tenant = tenant
        self.spread = spread
        runs = (0..<count).map { _ in Self.run(of: tenant, over: spread, random: random) }
    }

    public var imported: [ImportedRun] {
        runs.map { ImportedRun(run: $0) }
    }

    private static func run(of tenant: Tenant, over spread: Spread, random: any RandomSource) -> WorkflowRun {
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int(random.next() % UInt64(elements.count))]
        }
        let created = instant(of: spread, random)
        let state = pick(RunState.allCases)
        return WorkflowRun(
            id: RunID(at: created, using: random), tenant: tenant, name: "Run", type: pick(types), state: state,
            createdAt: created,
            endedAt: state.hasEnded ? created + .milliseconds(Int64(random.next() % UInt64(spread.longest))) : nil,
            principal: pick([
                Principal(id: "u-1", name: "Ada"), Principal(id: "u-2", name: "Bo", email: "bo@example.com"),
            ]),
            error: state == .failed ? RunError(attribution: pick(Attribution.allCases), type: "test/failed", message: "No") : nil)
    }

    private static func instant(of spread: Spread, _ random: any RandomSource) -> Timestamp {
        StoreBench.start + .milliseconds(Int64(random.next() % UInt64(spread.span)))
    }

    /// Filters of all sixteen combinations, each with several windows.
    public func filters(_ random: any RandomSource) -> [RunFilter] {
        (0..<16).flatMap { combination in
            (0..<4).map { _ in
                RunFilter(
                    created: combination & 1 != 0 ? window(random) : nil,
                    ended: combination & 2 != 0 ? window(random) : nil,
                    states: combination & 4 != 0 ? states(random) : nil,
                    type: combination & 8 != 0 ? Self.types[Int(random.next() % 3)] : nil)
            }
        }
    }

    /// One state or several, and sometimes none.
    private func states(_ random: any RandomSource) -> Set<RunState> {
        let bits = random.next() % 2 == 0 ? 1 << random.next() % 8 : random.next() % 256
        return Set(RunState.allCases.enumerated().filter { bits & 1 << UInt64($0.offset) != 0 }.map(\.element))
    }

    /// A window over a part of the history, sometimes open at one end.
    private func window(_ random: any RandomSource) -> TimeWindow {
        let (first, second) = (Self.instant(of: spread, random), Self.instant(of: spread, random))
        switch random.next() % 4 {
        case 0: return TimeWindow(from: first)
        case 1: return TimeWindow(to: first)
        default: return TimeWindow(from: min(first, second), to: max(first, second))
        }
    }

    /// The expected list, computed the slow way.
    public func list(_ filter: RunFilter) -> [WorkflowRun] {
        let time: (WorkflowRun) -> Timestamp = { filter.sortKey == .created ? $0.createdAt : $0.endedAt ?? .earliest }
        return runs.filter(filter.matches).sorted { (time($0), $0.id) > (time($1), $1.id) }
    }

    /// The expected counts, computed the slow way.
    public func counts(_ filter: RunFilter, by step: CountStep) -> [RunCount] {
        let time: (WorkflowRun) -> Timestamp = { filter.sortKey == .created ? $0.createdAt : $0.endedAt ?? .earliest }
        let steps = Dictionary(grouping: runs.filter(filter.matches)) { step.start(of: time($0)) }
        return steps.sorted { $0.key < $1.key }.map { start, runs in
            RunCount(start: start, byState: Dictionary(grouping: runs, by: \.state).mapValues(\.count))
        }
    }
}

extension StoreBench {
    /// Reads a list page by page to its end.
    /// - Parameter meanwhile: called after every page.
    public func walk(
        _ filter: RunFilter = RunFilter(), of tenant: Tenant = acme, by limit: Int, meanwhile: () async throws -> Void = {}
    ) async throws -> [WorkflowRun] {
        var query = RunQuery(tenant: tenant, filter: filter, limit: limit)
        var runs: [WorkflowRun] = []
        while true {
            let page = try await store.runs(matching: query)
            runs += page.runs
            guard let next = page.next else { return runs }
            query.after = next
            try await meanwhile()
        }
    }
}
