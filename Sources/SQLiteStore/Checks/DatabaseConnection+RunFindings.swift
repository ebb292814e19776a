import StoreCore
import WorkflowModel

/// The runs whose tasks are verified: those that have not ended, and those that ended before one of their tasks. Imported
/// history is left out: no worker executes it.
enum RunFindingStatement {
    static let goingOn = "SELECT tenant, number FROM runs WHERE configuration IS NOT NULL AND state < 5"
    static let items = """
        SELECT state, (state = 0 OR state = 2) AND ready_at IS NULL AS waits, count(*) FROM tasks
        WHERE tenant = ? AND run = ? AND position >= ? AND position < ? GROUP BY state, waits
        """
    static let endedEarly = """
        SELECT DISTINCT k.tenant, k.run FROM tasks AS k CROSS JOIN runs AS r ON r.number = k.run
        WHERE k.state < 6 AND r.state >= 5 AND r.configuration IS NOT NULL
        """
}

extension DatabaseConnection {
    func runFindings() throws -> [StoreFinding] {
        var places: [RunInconsistency: Int] = [:]
        for var run in try runsToVerify() {
            if try recount(&run) { places[.itemsAreMiscounted, default: 0] += 1 }
            for inconsistency in run.progress.inconsistencies { places[inconsistency, default: 0] += 1 }
        }
        return RunInconsistency.allCases.compactMap { inconsistency in
            places[inconsistency].map { inconsistency.finding(places: $0) }
        }
    }

    func amendRuns(at now: Timestamp, signals: inout Set<StoreSignal>) throws {
        for var run in try runsToVerify() {
            let isMiscounted = try recount(&run)
            guard isMiscounted || run.progress.inconsistencies.contains(where: \.isRepairable) else { continue }
            // A run whose state cannot follow from its tasks stays as it is, and is reported as lasting.
            guard (try? run.progress.repair(at: now)) != nil else { continue }
            try decideGates(of: &run, at: now)
            _ = try save(run)
            if run.progress.hasNewWork { signals.insert(.work) }
        }
    }

    /// Compares the counts of groups with their items, and corrects them in the loaded run.
    private func recount(_ run: inout StoredRun) throws -> Bool {
        var isMiscounted = false
        for (position, task) in run.progress.tasks.enumerated() where task.fan?.counts != nil && !task.state.hasEnded {
            let places = ItemPlace.positions(ofGroup: position)
            var tally = ItemTally()
            let found = try rows(
                RunFindingStatement.items, run.tenant, run.number, places.lowerBound, places.upperBound
            ) { (state: try $0.next(TaskState.self), waits: try $0.next(Bool.self), count: try $0.next(Int.self)) }
            for row in found {
                tally.byState[row.state, default: 0] += row.count
                if row.waits { tally.waiting += row.count }
            }
            if run.progress.recount(itemsOf: position, as: tally) { isMiscounted = true }
        }
        return isMiscounted
    }

    private func runsToVerify() throws -> [StoredRun] {
        try [RunFindingStatement.goingOn, RunFindingStatement.endedEarly].flatMap { statement in
            try rows(statement) { (tenant: try $0.next(Int.self), run: try $0.next(Int.self)) }
                .compactMap { try storedRun(number: $0.run, of: $0.tenant) }
        }
    }
}

extension RunInconsistency {
    fileprivate func finding(places: Int) -> StoreFinding {
        StoreFinding(subject, places: places, message, remedy: isRepairable ? .repairable : .lasting)
    }

    private var subject: StoreFinding.Subject {
        switch self {
        case .unfinishedWithoutTasks, .endedBeforeTasks: .runs
        case .taskIsStuck, .taskIsReadyTooEarly, .itemsAreMiscounted: .tasks
        }
    }
}
