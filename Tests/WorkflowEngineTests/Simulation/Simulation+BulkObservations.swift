import WorkflowModel
import WorkflowTestKit

@testable import WorkflowOperations

extension Simulation {
    /// A receipt says that this was done: it has happened, once.
    func learn(_ step: SimulatedBulk.Step, _ before: WorkflowRunDetails?, _ after: WorkflowRunDetails?) async throws {
        guard let before else { return observations.complain("\(step.run) was changed and did not exist") }
        switch step.act {
        case .stop:
            let place = runs.firstIndex { $0.id == step.run }
            if let place { runs[place].isStopped = true }
            bulk.stopped.insert(step.run)
            if before.run.state.hasEnded || before.stop != nil || after?.stop == nil {
                observations.complain("\(step.run) was \(before.run.state) and not stopped")
            }
        case .rerun(let plan):
            guard let rerun = step.rerun else { return observations.complain("\(step.run) was rerun without a plan") }
            let reruns = try await store.reruns(of: step.run, tenant: Self.tenant, limit: 10).map(\.id)
            if reruns != [plan.id] || !bulk.rerun.insert(step.run).inserted {
                observations.complain("\(step.run) was rerun by \(reruns)")
            }
            runs.append(rerun)
            decisions[plan.id] = plan.resolutions.isEmpty ? nil : plan.resolutions
            touched.append(plan.id)
        case .resolve(let order):
            guard let after else { return observations.complain("\(step.run) was resolved and is gone") }
            decisions[step.run, default: []] += after.resolutions.dropFirst(before.resolutions.count)
            checkChange(from: before, to: after, by: order)
        case .delete:
            if after != nil || !before.run.state.hasEnded { observations.complain("\(step.run) was not deleted") }
            forget(before)
        case .label(let change):
            let labels = change.applied(to: before.origin.labels)
            if after?.origin.labels != labels { observations.complain("\(step.run) does not have its labels") }
            // Nothing else may have changed.
            observations.ended[step.run]?.run.origin.labels = labels
        case .settle: observations.complain("\(step.run) was settled and done")
        }
    }

    private func forget(_ run: WorkflowRunDetails) {
        let id = run.run.id
        bulk.deleted.insert(id)
        runs.removeAll { $0.id == id }
        touched.removeAll { $0 == id }
        decisions[id] = nil
        observations.ended[id] = nil
        for task in run.tasks { observations.endedTasks[task.id] = nil }
        outbox.busy = outbox.busy.filter { $0.value.claimed.alert.subject != .run(id) }
        outbox.inProgress.removeAll { $0.claimed.alert.subject == .run(id) }
    }

    /// An operation that has ended never changes, and its counts are those of its receipts.
    func observeBulk() async throws {
        for (id, _) in bulk.requested {
            guard let operation = try await store.bulkOperation(id, of: Self.tenant) else {
                observations.complain("the operation \(id) is gone")
                continue
            }
            if let before = bulk.ended[id], before != operation { observations.complain("\(id) changed after its end") }
            if operation.state != .running { bulk.ended[id] = operation }
            var counts = BulkCounts()
            for receipt in bulk.receipts[id] ?? [] { counts.add(receipt.result.outcome) }
            if operation.counts != counts { observations.complain("\(id) counts \(operation.counts), not \(counts)") }
        }
    }

    /// Nothing of a run begins after a receipt says that it is stopped, but its closing tasks.
    func checkNotStopped(_ claimed: ClaimedTask, as definition: TaskDefinition) {
        guard bulk.stopped.contains(claimed.lease.run), !definition.when.isClosing, claimed.resumed?.isStopping != true else {
            return
        }
        observations.complain("\(claimed.lease.task) was claimed after the receipt of its stop")
    }

    /// Without further crashes and aborts, every operation comes to its end.
    func settleBulk() async throws {
        bulk.nodes = bulk.nodes.map { _ in nil }
        for _ in 0..<400 where observations.complaints.isEmpty && !bulk.running.isEmpty {
            pass(.seconds(600))
            for _ in 0..<20 where observations.complaints.isEmpty {
                bulk.time.set(now, elapsed)
                try await work(onBulkBy: 0)
            }
            try await observeBulk()
        }
        if observations.complaints.isEmpty, !bulk.running.isEmpty { observations.complain("not every bulk operation has ended") }
    }

    /// Each run of an operation has one receipt, unless the operation was aborted.
    func checkEndOfBulk() async throws {
        for (id, (operation, runs)) in bulk.requested {
            let receipts = bulk.receipts[id] ?? []
            if try await self.receipts(of: id) != receipts { observations.complain("\(id) has other receipts") }
            if receipts.map(\.number) != Array(1..<receipts.count + 1) { observations.complain("\(id) lacks a receipt") }
            let acted = receipts.map(\.run)
            if Set(acted).count != acted.count { observations.complain("\(id) came to a run twice") }
            guard bulk.ended[id]?.state == .finished else { continue }
            switch operation.selection {
            case .runs: if acted != runs { observations.complain("\(id) did not come to each of its runs") }
            case .filter(let filter) where filter == RunFilter():
                let missing = Set(runs).subtracting(acted).subtracting(bulk.deleted)
                if !missing.isEmpty { observations.complain("\(id) did not come to \(missing)") }
            // A run may no longer match.
            case .filter: break
            }
        }
    }
}
