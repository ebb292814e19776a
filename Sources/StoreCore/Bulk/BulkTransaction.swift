public import WorkflowModel

/// The statements that bulk operations need, among them those of a step, in the transaction that acts on a run.
public protocol BulkTransaction {
    func bulkOperation(_ id: BulkID, of tenant: Tenant) throws -> StoredBulkOperation?

    /// The operations of a tenant with lower numbers, newest first.
    func bulkOperations(of tenant: Tenant, below number: Int, limit: Int) throws -> [StoredBulkOperation]

    /// An operation, locked where the store locks rows: always before the run.
    func lockedBulkOperation(_ id: BulkID, of tenant: Tenant) throws -> StoredBulkOperation?

    func bulkReceipt(_ number: Int, of operation: StoredBulkOperation) throws -> BulkReceipt?

    /// The receipts of an operation behind a number, in their order.
    /// - Parameter outcome: nil for receipts with any outcome.
    func bulkReceipts(
        of operation: StoredBulkOperation, _ outcome: BulkOutcome?, behind number: Int, limit: Int
    ) throws -> [BulkReceipt]

    func insert(_ receipt: BulkReceipt, of operation: StoredBulkOperation) throws

    /// Writes down the counts and the place of an operation.
    func saveProgress(of operation: StoredBulkOperation) throws

    /// Writes down when and where an operation goes on.
    /// - Parameter place: nil for the one that it has.
    func delay(_ operation: StoredBulkOperation, until time: Timestamp, at place: RunCursor?) throws

    /// Ends an operation, and writes the event of an abort.
    /// - Parameter principal: who aborts it; nil when it came to its end.
    func end(_ operation: StoredBulkOperation, at now: Timestamp, abortedBy principal: Principal?) throws

    /// Asks a run to stop, and writes the event of it if that changes the run.
    /// - Returns: nil when there is no such run.
    func stop(
        _ run: RunID, of tenant: Tenant, for request: RunStop, isRepeated: Bool, signals: inout Set<StoreSignal>
    ) throws -> StopOutcome?

    /// Locks a run where the store locks rows, so that it is rerun once.
    /// - Returns: whether it exists.
    func lockRun(_ run: RunID, of tenant: Tenant) throws -> Bool

    /// The newest rerun of a run.
    func newestRerun(of run: RunID, tenant: Tenant) throws -> RunID?

    /// Writes a planned run, and the event of it.
    func start(_ plan: RunPlan, signals: inout Set<StoreSignal>) throws

    /// Settles tasks of a run that goes on, and writes the event of it.
    func resolve(
        _ order: ResolutionOrder, in run: RunID, of tenant: Tenant, signals: inout Set<StoreSignal>
    ) throws -> ResolutionOutcome

    func delete(_ run: RunID, of tenant: Tenant) throws -> DeletionOutcome?

    func changeLabels(of run: RunID, tenant: Tenant, _ change: LabelChange) throws -> LabelOutcome?
}

/// A run after a request to stop it.
public struct StopOutcome: Sendable {
    public var details: WorkflowRunDetails
    /// Whether the request has changed it: it was not stopping, and had not ended.
    public var isChange: Bool

    public init(details: WorkflowRunDetails, isChange: Bool) {
        self.details = details
        self.isChange = isChange
    }

    fileprivate var result: BulkResult {
        if isChange { return .done }
        let state = details.run.state
        return state.hasEnded ? .hasEnded(state) : .isStopping
    }
}

extension BulkTransaction {
    /// Acts on one run and writes the receipt. A step whose receipt is written already changes nothing: its commit was not answered.
    /// - Returns: the receipt; nil when the lease is stale, or the operation has ended.
    public func carryOut(
        _ step: BulkStep, under lease: BulkLease, at now: Timestamp, signals: inout Set<StoreSignal>
    ) throws -> BulkReceipt? {
        guard var stored = try lockedBulkOperation(lease.operation, of: lease.tenant), stored.token == lease.token else {
            return nil
        }
        let receipts = stored.operation.counts.receipts
        if step.number <= receipts { return try bulkReceipt(step.number, of: stored) }
        guard stored.operation.state == .running, step.number == receipts + 1 else { return nil }
        let result = try act(step.act, on: step.run, of: lease.tenant, signals: &signals)
        let receipt = BulkReceipt(number: step.number, run: step.run, result: result, writtenAt: now)
        try insert(receipt, of: stored)
        stored.operation.counts.add(result.outcome)
        stored.place = step.place ?? stored.place
        try saveProgress(of: stored)
        return receipt
    }

    /// The one place where the action of a bulk operation is carried out.
    private func act(
        _ act: BulkAct, on run: RunID, of tenant: Tenant, signals: inout Set<StoreSignal>
    ) throws -> BulkResult {
        switch act {
        case .stop(let request):
            return try stop(run, of: tenant, for: request, isRepeated: false, signals: &signals)?.result ?? .noSuchRun
        case .rerun(let plan):
            guard try lockRun(run, of: tenant) else { return .noSuchRun }
            if let rerun = try newestRerun(of: run, tenant: tenant) { return .isRerun(by: rerun) }
            try start(plan, signals: &signals)
            return BulkResult(.done, rerun: plan.id)
        case .resolve(let order):
            switch try resolve(order, in: run, of: tenant, signals: &signals) {
            case .resolved: return .done
            case .noSuchRun: return .noSuchRun
            case .refused(let refusal): return BulkResult(refusal)
            }
        case .delete: return BulkResult(try delete(run, of: tenant))
        case .label(let change): return BulkResult(try changeLabels(of: run, tenant: tenant, change))
        case .settle(let result): return result
        }
    }
}
