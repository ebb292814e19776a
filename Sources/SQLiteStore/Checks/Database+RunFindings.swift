import GRDB
import WorkflowModel

/// The runs whose tasks are looked at: those that go on, and those that have ended while a task has not. Imported history is
/// as it came, and nobody works on it.
enum RunFindingStatement {
    static let goingOn = "SELECT tenant, number FROM runs WHERE configuration IS NOT NULL AND state < 5"
    static let endedEarly = """
        SELECT DISTINCT k.tenant, k.run FROM tasks AS k CROSS JOIN runs AS r ON r.number = k.run
        WHERE k.state < 6 AND r.state >= 5 AND r.configuration IS NOT NULL
        """
}

extension Database {
    func runFindings() throws -> [StoreFinding] {
        var places: [RunDisagreement: Int] = [:]
        for run in try doubtfulRuns() {
            for disagreement in run.progress.disagreements { places[disagreement, default: 0] += 1 }
        }
        return RunDisagreement.allCases.compactMap { disagreement in
            places[disagreement].map { disagreement.finding(places: $0) }
        }
    }

    func amendRuns(at now: Timestamp, signals: inout Set<StoreSignal>) throws {
        for var run in try doubtfulRuns() where run.progress.disagreements.contains(where: \.isAmendable) {
            // A run that its tasks cannot have brought to where it is stays as it is, and is reported as lasting.
            guard (try? run.progress.amend(at: now)) != nil else { continue }
            try save(run)
            if run.progress.hasNewWork { signals.insert(.work) }
        }
    }

    private func doubtfulRuns() throws -> [StoredRun] {
        try [RunFindingStatement.goingOn, RunFindingStatement.endedEarly].flatMap { statement in
            try rows(statement) { (tenant: try $0.next(Int64.self), run: try $0.next(Int64.self)) }
                .compactMap { try storedRun(number: $0.run, of: $0.tenant) }
        }
    }
}

extension RunDisagreement {
    fileprivate func finding(places: Int) -> StoreFinding {
        StoreFinding(subject, places: places, message, remedy: isAmendable ? .repairable : .lasting)
    }

    private var subject: StoreFinding.Subject {
        switch self {
        case .goesOnWithoutTasks, .endedBeforeTasks: .runs
        case .taskIsStuck, .taskIsReadyTooEarly: .tasks
        }
    }

    private var message: String {
        switch self {
        case .goesOnWithoutTasks: "Runs go on though every task of theirs has ended."
        case .endedBeforeTasks: "Runs have ended though a task of theirs has not."
        case .taskIsStuck: "Tasks wait though what they need is there, so that their runs would never end."
        case .taskIsReadyTooEarly: "Tasks can be claimed though what they need is not there."
        }
    }
}
