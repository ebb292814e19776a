import WorkflowModel
import WorkflowTestKit

@testable import WorkflowOperations

// Nodes act on many runs while workers crash, persons decide and answers are lost.
extension Simulation {
    private static let person = Principal(id: "wk_bo", name: "Bo")

    /// A request, an abort, the death of a node, or a step of its turn.
    func bulkStep() async throws {
        bulk.time.set(now, elapsed)
        let index = random.number(in: 0...bulk.nodes.count - 1)
        switch random.number(in: 0...99) {
        case 0..<12: try await requestBulk()
        case 12..<15: try await abortBulk()
        case 15..<19:
            if bulk.nodes[index] != nil { note("bulk-crash \(index)") }
            bulk.nodes[index] = nil
        default: try await work(onBulkBy: index)
        }
        try await observeBulk()
    }

    private func requestBulk() async throws {
        guard !runs.isEmpty, bulk.running.count < 4 else { return }
        let bound = now + .milliseconds(1)
        let selection: BulkSelection
        let selected: [RunID]
        switch random.number(in: 0...2) {
        case 0:
            selected = runs.map(\.id).filter { _ in random.chance(0.5) }
            selection = .runs(selected)
        case 1:
            selected = try await matching(RunFilter(), bound)
            selection = .filter(RunFilter())
        default:
            let filter = RunFilter(state: random.element(of: [WorkflowState.failed, .canceled, .scheduled]) ?? .failed)
            selected = try await matching(filter, bound)
            selection = .filter(filter)
        }
        let operation = BulkOperation(
            id: BulkID(at: now, using: random), tenant: Self.tenant, action: randomAction(), selection: selection,
            createdBefore: bound, perSecond: random.number(in: 1...6), requestedBy: Self.person, requestedAt: now,
            total: selected.count)
        guard !selected.isEmpty, try await store.createBulkOperation(operation) else { return }
        bulk.requested[operation.id] = (operation, selected)
        note("bulk-request \(operation.id) \(operation.action.kind) \(selected.count)")
    }

    private func randomAction() -> BulkAction {
        switch random.number(in: 0...9) {
        case 0..<2: .stop(reason: "seeded")
        case 2..<5: .rerun(from: random.chance(0.3) ? .start : nil, version: .launched)
        case 5..<7: .resolve(random.element(of: [.retry, .skip, .succeed]) ?? .skip, reason: "seeded")
        case 7..<8: .delete
        default: .label(LabelChange(set: RunLabels(["bulk:\(random.number(in: 0...2))"].compactMap { RunLabel($0) })))
        }
    }

    private func matching(_ filter: RunFilter, _ bound: Timestamp) async throws -> [RunID] {
        var query = RunQuery(tenant: Self.tenant, filter: filter.limited(to: bound), limit: 1_000)
        query.sort = RunSort(by: .created)
        return try await store.runs(matching: query).runs.map(\.id)
    }

    private func abortBulk() async throws {
        guard let id = random.element(of: bulk.running) else { return }
        bulk.ended[id] = try await store.abortBulkOperation(id, of: Self.tenant, by: Self.person, at: now)
        note("bulk-abort \(id)")
    }

    /// A claim, the decision about the next run, the act on it, or the end of the turn.
    func work(onBulkBy index: Int) async throws {
        guard var node = bulk.nodes[index] else { return try await claimBulk(by: index) }
        bulk.nodes[index] = nil
        if let step = node.next {
            node.next = nil
            let isDone = try await take(step, of: &node)
            // The answer of the last commit may be lost, and the node with it.
            if isDone, !random.chance(0.05) { bulk.nodes[index] = node }
        } else if let run = try await node.turn.next() {
            node.next = try await decide(about: run, of: node.operation)
            bulk.nodes[index] = node
        } else if !random.chance(0.1) {
            try await node.turn.end()
            note("bulk-turn \(node.operation.id) ends")
        }
    }

    private func claimBulk(by index: Int) async throws {
        let claimed = try await store.claimBulkOperationsOfAllTenants(limit: 1, until: now + BulkLimits.lease, at: now)
        // Otherwise the answer is lost.
        guard let first = claimed.first, !random.chance(0.1) else { return }
        let turn = BulkTurn(first, store: store, time: bulk.time)
        bulk.nodes[index] = SimulatedBulk.Node(operation: first.operation, turn: turn)
        note("bulk-claim \(first.operation.id) by \(index)")
    }

    private func decide(about id: RunID, of operation: BulkOperation) async throws -> SimulatedBulk.Step {
        func step(_ act: BulkAct) -> SimulatedBulk.Step { SimulatedBulk.Step(run: id, act: act) }
        switch operation.action {
        case .stop(let reason):
            return step(.stop(RunStop(requestedAt: now, requestedBy: operation.requestedBy, reason: reason?.text)))
        case .delete: return step(.delete)
        case .label(let change): return step(.label(change))
        case .resolve(let resolution, let reason):
            let order = ResolutionOrder(
                resolution, of: .allFailed, by: operation.requestedBy, at: now, reason: reason?.text)
            guard let old = try await store.run(id, of: Self.tenant) else { return step(.settle(.noSuchRun)) }
            guard old.run.state.hasEnded else { return step(.resolve(order)) }
            return try await planned(Rerun(of: old, carrying: order))
        case .rerun(let start, _):
            guard let old = try await store.run(id, of: Self.tenant) else { return step(.settle(.noSuchRun)) }
            return try await planned(
                Rerun(of: old, from: start ?? .usual(for: old.run.state), by: operation.requestedBy))
        }
    }

    private func planned(_ rerun: Rerun) async throws -> SimulatedBulk.Step {
        let old = rerun.old.run.id
        guard let run = runs.first(where: { $0.id == old }), let launched = rerun.old.launchedVersion,
            let version = try await store.configurationVersion(launched, of: Self.tenant)
        else { return SimulatedBulk.Step(run: old, act: .settle(.noSuchRun)) }
        let configuration = WorkflowConfiguration(
            id: version.configuration, name: version.name, type: version.type, afterStop: run.afterStop,
            stages: [Stage(name: "All", tasks: run.definitions)])
        do throws(RerunRefusal) {
            let plan = try RunPlan(configuration, version: version, doingOver: rerun, at: now, random: random)
            var new = Submitted(
                id: plan.id, configuration: run.configuration, definitions: run.definitions, rerunOf: old, afterStop: run.afterStop)
            for task in plan.tasks where task.kept != nil { new.kept[task.definitionID] = task.kept?.origin }
            return SimulatedBulk.Step(run: old, act: .rerun(plan), rerun: new)
        } catch {
            return SimulatedBulk.Step(run: old, act: .settle(BulkResult(.refused, "\(error)")))
        }
    }

    /// - Returns: whether the node still has the operation.
    private func take(_ step: SimulatedBulk.Step, of node: inout SimulatedBulk.Node) async throws -> Bool {
        let id = node.operation.id
        let before = try await store.run(step.run, of: Self.tenant)
        let isDone = try await node.turn.take(step.act, on: step.run)
        let after = try await store.run(step.run, of: Self.tenant)
        touched.append(step.run)
        let known = bulk.receipts[id] ?? []
        let receipts = try await self.receipts(of: id)
        bulk.receipts[id] = receipts
        if Array(receipts.prefix(known.count)) != known || receipts.count > known.count + 1 {
            observations.complain("the receipts of \(id) changed")
        }
        guard receipts.count > known.count, let receipt = receipts.last else {
            note("bulk-stale \(id) \(step.run)")
            if isDone { observations.complain("a step of \(id) has no receipt") }
            if before != after { observations.complain("a step of \(id) without a receipt changed \(step.run)") }
            return isDone
        }
        note("bulk-\(receipt.result.outcome.rawValue) \(id) \(node.operation.action.kind) \(step.run)")
        if receipt.run != step.run { observations.complain("\(id) has a receipt of \(receipt.run) for \(step.run)") }
        if bulk.ended[id] != nil { observations.complain("\(id) goes on after its end") }
        switch receipt.result.outcome {
        case .done: try await learn(step, before, after)
        case .unchanged, .refused:
            if before != after { observations.complain("a receipt of \(id) does not say that it changed \(step.run)") }
            if case .stop = step.act { bulk.stopped.insert(step.run) }
        }
        return isDone
    }

    func receipts(of id: BulkID) async throws -> [BulkReceipt] {
        try await store.bulkReceipts(matching: BulkReceiptQuery(of: id, tenant: Self.tenant, limit: 1_000))?.receipts ?? []
    }
}
