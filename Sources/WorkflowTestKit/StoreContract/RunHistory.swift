public import WorkflowModel

/// Made-up history to import: few instants, so that many runs share one, and all states, types and ends mixed.
public struct RunHistory: Sendable {
    public static let types = ["courier.group/run", "campaign.send", "bridge.sync"]
    /// Runs are created within so many milliseconds from ``StoreBench/start``.
    public static let span: Int64 = 40

    public var tenant: Tenant
    public var runs: [WorkflowRun]

    public init(_ count: Int, of tenant: Tenant = StoreBench.acme, random: any RandomSource) {
        self.tenant = tenant
        runs = (0..<count).map { _ in Self.run(of: tenant, random: random) }
    }

    public var imported: [ImportedRun] {
        runs.map { ImportedRun(run: $0) }
    }

    private static func run(of tenant: Tenant, random: any RandomSource) -> WorkflowRun {
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int(random.next() % UInt64(elements.count))]
        }
        let created = instant(random)
        let state = pick(RunState.allCases)
        return WorkflowRun(
            id: RunID(at: created, using: random), tenant: tenant, name: "Run", type: pick(types), state: state,
            createdAt: created, endedAt: state.hasEnded ? created + .milliseconds(Int64(random.next() % 20)) : nil,
            principal: pick([
                Principal(id: "u-1", name: "Ada"), Principal(id: "u-2", name: "Bo", email: "bo@example.com"),
            ]),
            error: state == .failed ? RunError(attribution: pick(Attribution.allCases), type: "test/failed", message: "No") : nil)
    }

    private static func instant(_ random: any RandomSource) -> Timestamp {
        StoreBench.start + .milliseconds(Int64(random.next() % UInt64(span)))
    }

    /// A window that holds some of the history, open at either end now and then.
    public static func window(_ random: any RandomSource) -> TimeWindow {
        let (first, second) = (instant(random), instant(random))
        switch random.next() % 4 {
        case 0: return TimeWindow(from: first)
        case 1: return TimeWindow(to: first)
        default: return TimeWindow(from: min(first, second), to: max(first, second))
        }
    }

    /// What a list has to be, worked out the slow way.
    public func list(_ filter: RunFilter) -> [WorkflowRun] {
        let time: (WorkflowRun) -> Timestamp = { filter.order == .created ? $0.createdAt : $0.endedAt ?? .earliest }
        return runs.filter(filter.matches).sorted { (time($0), $0.id) > (time($1), $1.id) }
    }
}

extension StoreBench {
    /// Walks a list to its end.
    /// - Parameter meanwhile: what happens after every page.
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
