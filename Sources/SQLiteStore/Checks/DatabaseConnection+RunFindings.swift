import StoreCore
import WorkflowModel

/// The runs whose tasks are verified: those that have not ended, and those that ended before one of their tasks. Imported
/// history is left out: no worker executes it.
enum RunFindingStatement {
    static let goingOn = "SELECT tenant, number FROM runs WHERE configuration IS NOT NULL AND state < 5"
    static let endedEarly = """
        SELECT DISTINCT k.tenant, k.run FROM tasks AS k CROSS JOIN runs AS r ON r.number = k.run
        WHERE k.state < 6 AND r.state >= 5 AND r.configuration IS NOT NULL
        """
}

extension DatabaseConnection {
    func runFindings() throws -> [StoreFinding] {
        var places: [RunInconsistency: Int] = [:]
        for run in try runsToVerify() {
            for inconsistency in run.progress.inconsistencies { places[inconsistency, default: 0] += 1 }
        }
        return RunInconsistency.allCases.compactMap { inconsistency in
            places[inconsistency].map { inconsistency.finding(places: $0) }
        }
    }

    func amendRuns(at now: Timestamp, signals: inout Set<StoreSignal>) throws {
        for var run in try runsToVerify() where run.progress.inconsistencies.contains(where: \.isRepairable) {
            // A run whose state cannot follow from its tasks stays as it is, and is reported as lasting.
            guard (try? run.progress.repair(at: now)) != nil else { continue }
            try decideGates(of: &run, at: now)
            _ = try save(run)
            if run.progress.hasNewWork { signals.insert(.work) }
        }
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
        case .taskIsStuck, .taskIsReadyTooEarly: .tasks
        }
    }

    private var message: String {
        switch self {
        case .unfinishedWithoutTasks: "Runs have not ended although all of their tasks have."
        case .endedBeforeTasks: "Runs have ended although one of their tasks has not."
        case .taskIsStuck: "Tasks are not ready although their needs are met: their runs would never end."
        case .taskIsReadyTooEarly: "Tasks can be claimed although their needs are not met."
        }
    }
}
