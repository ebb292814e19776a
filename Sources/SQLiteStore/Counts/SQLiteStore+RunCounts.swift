import GRDB
public import WorkflowModel

extension SQLiteStore {
    public func runCounts(matching filter: RunFilter, of tenant: Tenant, by step: CountStep) async throws -> [RunCount] {
        let states = RunState.allCases.filter { filter.state == nil || $0.state == filter.state }
        return try await read { database in
            guard let number = try database.number(of: tenant) else { return [] }
            var timeline = RunTimeline(tenant: number, clock: filter.order)
            if let name = filter.type {
                guard let type = try database.number(ofType: name, in: number) else { return [] }
                timeline.type = type
            }
            let span = TimeSpan(filter.order == .created ? filter.created : filter.ended)
            let ended = filter.order == .created ? filter.ended.map { TimeSpan($0) } : nil
            var steps: [Timestamp: RunCount] = [:]
            for state in states {
                try database.eachTime(of: timeline, in: state, span, withEndIn: ended) { time, _ in
                    let start = step.start(of: Timestamp(milliseconds: time))
                    steps[start, default: RunCount(start: start, byState: [:])].byState[state, default: 0] += 1
                }
            }
            return Array(steps.values.sorted { $0.start < $1.start }.suffix(RunCount.mostSteps))
        }
    }
}
