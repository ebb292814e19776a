import StoreCore
import WorkflowModel

extension DatabaseConnection {
    func insert(_ operation: BulkOperation, tenant: Int) throws {
        let (action, selection) = (operation.action, operation.selection)
        try change(
            BulkStatement.insert, tenant, operation.id, action.kind, action.storedParameters, selection.storedRuns,
            selection.storedFilter, operation.createdBefore, operation.perSecond,
            try findOrCreate(operation.requestedBy, in: tenant),
            operation.requestedAt, operation.total, operation.state, operation.requestedAt)
    }

    func bulkOperation(numbered number: Int) throws -> StoredBulkOperation? {
        guard let tenant = try row(BulkStatement.tenant, number, decode: { try $0.next(Int.self) }) else { return nil }
        let name = try self.tenant(numbered: tenant)
        return try row(BulkStatement.byNumber, number) { try $0.nextBulkOperation(of: name) }
    }
}

extension DatabaseConnection: BulkTransaction {
    func bulkOperation(_ id: BulkID, of tenant: Tenant) throws -> StoredBulkOperation? {
        guard let number = try number(of: tenant) else { return nil }
        return try row(BulkStatement.byID, number, id) { try $0.nextBulkOperation(of: tenant) }
    }

    func lockedBulkOperation(_ id: BulkID, of tenant: Tenant) throws -> StoredBulkOperation? {
        try bulkOperation(id, of: tenant)
    }

    func bulkOperations(of tenant: Tenant, below number: Int, limit: Int) throws -> [StoredBulkOperation] {
        guard let owner = try self.number(of: tenant) else { return [] }
        return try rows(BulkStatement.list, owner, number, limit) { try $0.nextBulkOperation(of: tenant) }
    }

    func bulkReceipts(
        of stored: StoredBulkOperation, _ outcome: BulkOutcome?, behind number: Int, limit: Int
    ) throws -> [BulkReceipt] {
        guard let tenant = try self.number(of: stored.operation.tenant) else { return [] }
        guard let outcome else {
            return try rows(BulkStatement.receipts, tenant, stored.number, number, limit) { try $0.nextBulkReceipt() }
        }
        return try rows(BulkStatement.receiptsByOutcome, tenant, stored.number, outcome, number, limit) {
            try $0.nextBulkReceipt()
        }
    }

    func delay(_ stored: StoredBulkOperation, until time: Timestamp, at place: RunCursor?) throws {
        try change(BulkStatement.wait, time, place?.value, place?.id, stored.number)
    }

    func end(_ stored: StoredBulkOperation, at now: Timestamp, abortedBy principal: Principal?) throws {
        let operation = stored.operation
        let tenant = try findOrCreate(operation.tenant)
        let author = try principal.map { try findOrCreate($0, in: tenant) }
        let state = principal == nil ? BulkOperation.State.finished : .aborted
        try change(BulkStatement.end, state, now, author, stored.number)
        if principal != nil { try record(.bulkAborted, operation.auditObject, of: operation.tenant, numbered: tenant) }
    }

    func bulkReceipt(_ number: Int, of stored: StoredBulkOperation) throws -> BulkReceipt? {
        guard let tenant = try self.number(of: stored.operation.tenant) else { return nil }
        return try row(BulkStatement.receipt, tenant, stored.number, number) { try $0.nextBulkReceipt() }
    }

    func insert(_ receipt: BulkReceipt, of stored: StoredBulkOperation) throws {
        try change(
            BulkStatement.insertReceipt, try findOrCreate(stored.operation.tenant), stored.number, receipt.number, receipt.run,
            receipt.result.outcome, receipt.result.reason, receipt.result.rerun, receipt.writtenAt)
    }

    func saveProgress(of stored: StoredBulkOperation) throws {
        let counts = stored.operation.counts
        try change(
            BulkStatement.saveProgress, counts.done, counts.unchanged, counts.refused, stored.place?.value, stored.place?.id,
            stored.number)
    }

    func lockRun(_ run: RunID, of tenant: Tenant) throws -> Bool {
        guard let number = try number(of: tenant) else { return false }
        return try row(NoteStatement.run, number, run, decode: { _ in true }) ?? false
    }

    func newestRerun(of run: RunID, tenant: Tenant) throws -> RunID? {
        guard let number = try number(of: tenant) else { return nil }
        return try row(RerunStatement.newest, number, run) { try $0.next() }
    }

    func start(_ plan: RunPlan, signals: inout Set<StoreSignal>) throws {
        let tenant = try findOrCreate(plan.tenant)
        try insert(plan, tenant: tenant, signals: &signals)
        try record(plan.startEvent, plan.auditObject, of: plan.tenant, numbered: tenant)
    }
}
