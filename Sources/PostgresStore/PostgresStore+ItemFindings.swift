import StoreCore
import WorkflowModel

/// The groups of items whose counts are verified: those of runs that go on.
enum ItemFindingStatement {
    static let openGroups = """
        SELECT DISTINCT k.tenant, k.run FROM runs AS r
        JOIN tasks AS k ON k.tenant = r.tenant AND k.run = r.id AND k.run_created_at = r.created_at
        WHERE r.configuration IS NOT NULL AND r.state < 5 AND k.fan IS NOT NULL AND k.state < 6
        """
    static let tally = """
        SELECT state, (state = 0 OR state = 2) AND ready_at IS NULL AS waits, count(*) FROM tasks
        WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position >= $4 AND position < $5 GROUP BY 1, 2
        """
}

extension PostgresStore {
    /// Compares the counts of groups with their items, one run after another, so that no run waits for the others.
    func itemFindings(repairing isRepairing: Bool, at now: Timestamp) async throws -> [StoreFinding] {
        let runs = try await read { database in
            try database.rows(ItemFindingStatement.openGroups) { (tenant: try $0.next(Int.self), run: try $0.next(RunID.self)) }
        }
        var places = 0
        for (tenant, run) in runs {
            let isMiscounted = try await write { (database, attempt: inout WriteAttempt<Bool>) in
                if isRepairing { try database.lockReadyTasks(of: run, tenant: tenant) }
                guard let stored = try database.storedRun(run, of: tenant), let right = try database.recounted(stored) else {
                    // An earlier try, whose answer was lost, may have corrected them.
                    return attempt.former ?? false
                }
                if isRepairing { try database.repair(right, at: now, signals: &attempt.signals) }
                return true
            }
            if isMiscounted { places += 1 }
        }
        guard places > 0 else { return [] }
        return [
            StoreFinding(
                .tasks, places: places, RunInconsistency.itemsAreMiscounted.message, remedy: isRepairing ? .repaired : .repairable)
        ]
    }
}

extension PostgresConnection {
    /// The run with the right counts; nil when they are right. Its row is locked, so that no item changes meanwhile.
    fileprivate func recounted(_ run: StoredRun) throws -> StoredRun? {
        var run = run
        var isMiscounted = false
        for (position, task) in run.progress.tasks.enumerated() where task.fan?.counts != nil && !task.state.hasEnded {
            let tally = try tally(ofGroup: position, in: run.key)
            if run.progress.recount(itemsOf: position, as: tally) { isMiscounted = true }
        }
        return isMiscounted ? run : nil
    }

    private func tally(ofGroup position: Int, in run: RunKey) throws -> ItemTally {
        let places = ItemPlace.positions(ofGroup: position)
        let found = try rows(
            ItemFindingStatement.tally, run.tenant, run.id, run.createdAt, places.lowerBound, places.upperBound
        ) { (state: try $0.next(TaskState.self), waits: try $0.next(Bool.self), count: try $0.next(Int.self)) }
        var tally = ItemTally()
        for row in found {
            tally.byState[row.state, default: 0] += row.count
            if row.waits { tally.waiting += row.count }
        }
        return tally
    }

    /// A run whose state cannot follow from its tasks stays as it is, and is reported again.
    fileprivate func repair(_ run: StoredRun, at now: Timestamp, signals: inout Set<StoreSignal>) throws {
        var run = run
        do { try run.progress.repair(at: now) } catch { return }
        try decideGates(of: &run, at: now)
        if try save(run) { signals.insert(.triggers) }
        if run.progress.hasNewWork { signals.insert(.work) }
    }
}
