import StoreCore
public import WorkflowModel

extension PostgresStore {
    public func createBulkOperation(_ operation: BulkOperation) async throws -> Bool {
        try await write { (database, attempt: inout WriteAttempt<Bool>) in
            let tenant = try database.findOrCreate(operation.tenant)
            // Requests of one tenant follow each other, so that no two of them are the last one.
            _ = try database.execute(BulkStatement.lockTenant, [tenant])
            // An earlier try, whose answer was lost, has written it: ids are too random to come from another node.
            if attempt.former == true, try database.bulkOperation(operation.id, of: operation.tenant) != nil { return true }
            let running = try database.row(BulkStatement.running, tenant) { try $0.next(Int.self) } ?? 0
            guard running < BulkLimits.running else { return false }
            try database.insert(operation, tenant: tenant)
            try database.record(.bulkRequested, operation.auditObject, of: operation.tenant, numbered: tenant)
            return true
        }
    }

    public func bulkOperation(_ id: BulkID, of tenant: Tenant) async throws -> BulkOperation? {
        try await readAnywhere { try $0.bulkOperation(id, of: tenant)?.operation }
    }

    public func bulkOperations(matching query: BulkQuery) async throws -> BulkPage {
        try await readAnywhere { try $0.bulkPage(matching: query) }
    }

    public func abortBulkOperation(
        _ id: BulkID, of tenant: Tenant, by principal: Principal, at now: Timestamp
    ) async throws -> BulkOperation? {
        try await write { try $0.abort(id, of: tenant, by: principal, at: now) }
    }

    public func bulkReceipts(matching query: BulkReceiptQuery) async throws -> BulkReceiptPage? {
        try await readAnywhere { try $0.receiptPage(matching: query) }
    }
}

// The work of nodes.
extension PostgresStore {
    public func claimBulkOperationsOfAllTenants(
        limit: Int, until expiry: Timestamp, at now: Timestamp
    ) async throws -> [ClaimedBulkOperation] {
        // Most of the time no operation is due, and a read costs less than a write.
        guard limit > 0, try await read({ try $0.row(BulkStatement.anyDue, now) { _ in true } }) != nil else { return [] }
        return try await write { (database, attempt: inout WriteAttempt<[ClaimedBulkOperation]>) in
            // An earlier try, whose answer was lost, has claimed them for this process.
            if let former = attempt.former, let lease = former.first?.lease,
                try database.bulkOperation(lease.operation, of: lease.tenant)?.token == lease.token
            {
                return former
            }
            let numbers = try database.rows(BulkStatement.claim, now, limit, expiry) { try $0.next(Int.self) }
            return try numbers.compactMap { number in
                try database.bulkOperation(numbered: number).map {
                    ClaimedBulkOperation($0.operation, under: $0.lease, at: $0.place)
                }
            }
        }
    }

    public func carryOut(_ step: BulkStep, under lease: BulkLease, at now: Timestamp) async throws -> BulkReceipt? {
        var months: Set<PartitionMonth> = []
        if case .rerun(let plan) = step.act { months = [PartitionMonth(of: plan.createdAt)] }
        return try await write(into: months) { (database, attempt: inout WriteAttempt<BulkReceipt?>) in
            try database.carryOut(step, under: lease, at: now, signals: &attempt.signals)
        }
    }

    public func release(_ lease: BulkLease, _ continuation: BulkContinuation, at now: Timestamp) async throws {
        try await write { try $0.release(lease, continuation, at: now) }
    }

    public func releaseBulkOperationsOfAllTenants(at now: Timestamp) async throws {
        _ = try await write { try $0.change(BulkStatement.releaseAll, now) }
    }

    public func deleteBulkOperationsOfAllTenants(endedBefore cutoff: Timestamp) async throws -> Bool {
        let expired = try await read { try $0.row(BulkStatement.anyExpired, cutoff) { _ in true } }
        guard expired != nil else { return false }
        return try await write { database in
            let found = try database.row(BulkStatement.expired, cutoff) { (try $0.next(Int.self), try $0.next(Int.self)) }
            // Another node deletes it.
            guard let (number, tenant) = found else { return false }
            let deleted = try database.change(BulkStatement.deleteReceipts, tenant, number, BulkStatement.receiptsDeleted)
            if deleted < BulkStatement.receiptsDeleted { try database.change(BulkStatement.delete, number) }
            return true
        }
    }
}

enum BulkStatement {
    /// Receipts that are deleted in one transaction.
    static let receiptsDeleted = 5_000

    private static let select = """
        SELECT \(BulkColumns.list) FROM bulk_operations AS o
        JOIN principals AS p ON p.number = o.requested_by LEFT JOIN principals AS a ON a.number = o.aborted_by
        """
    static let byID = "\(select) WHERE o.tenant = $1 AND o.id = $2"
    static let lockedByID = "\(byID) FOR UPDATE OF o"
    static let byNumber = "\(select) WHERE o.number = $1"
    static let tenant = "SELECT tenant FROM bulk_operations WHERE number = $1"
    static let list = "\(select) WHERE o.tenant = $1 AND o.number < $2 ORDER BY o.number DESC LIMIT $3"
    static let lockTenant = "SELECT 1 FROM tenants WHERE number = $1 FOR NO KEY UPDATE"
    static let running = "SELECT count(*) FROM bulk_operations WHERE tenant = $1 AND due_at IS NOT NULL"
    static let insert = """
        INSERT INTO bulk_operations (tenant, id, action, parameters, runs, filter, created_before, per_second, requested_by,
            requested_at, total, state, due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $10)
        """
    static let end = "UPDATE bulk_operations SET state = $1, ended_at = $2, aborted_by = $3, due_at = NULL WHERE number = $4"
    static let saveProgress = """
        UPDATE bulk_operations SET done = $1, unchanged = $2, refused = $3, place_at = $4, place_run = $5 WHERE number = $6
        """
    static let anyDue = "SELECT 1 FROM bulk_operations WHERE due_at <= $1 LIMIT 1"
    static let claim = """
        WITH due AS MATERIALIZED (
            SELECT number FROM bulk_operations WHERE due_at <= $1 ORDER BY due_at, number LIMIT $2 FOR UPDATE SKIP LOCKED)
        UPDATE bulk_operations AS o SET token = o.token + 1, due_at = $3 FROM due AS d WHERE o.number = d.number RETURNING o.number
        """
    static let wait = """
        UPDATE bulk_operations SET due_at = $1, place_at = coalesce($2, place_at), place_run = coalesce($3, place_run)
        WHERE number = $4
        """
    static let releaseAll = "UPDATE bulk_operations SET token = token + 1, due_at = $1 WHERE due_at > $1"
    static let anyExpired = "SELECT 1 FROM bulk_operations WHERE ended_at < $1 LIMIT 1"
    static let expired = """
        SELECT number, tenant FROM bulk_operations WHERE ended_at < $1 ORDER BY ended_at LIMIT 1 FOR UPDATE SKIP LOCKED
        """
    static let delete = "DELETE FROM bulk_operations WHERE number = $1"
    static let receipt = """
        SELECT \(BulkColumns.receipt) FROM bulk_receipts WHERE tenant = $1 AND operation = $2 AND number = $3
        """
    static let receipts = """
        SELECT \(BulkColumns.receipt) FROM bulk_receipts WHERE tenant = $1 AND operation = $2 AND number > $3
        ORDER BY number LIMIT $4
        """
    static let receiptsByOutcome = """
        SELECT \(BulkColumns.receipt) FROM bulk_receipts WHERE tenant = $1 AND operation = $2 AND outcome = $3 AND number > $4
        ORDER BY number LIMIT $5
        """
    static let insertReceipt = """
        INSERT INTO bulk_receipts (tenant, operation, number, run, outcome, reason, rerun, written_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    static let deleteReceipts = """
        DELETE FROM bulk_receipts WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM bulk_receipts WHERE tenant = $1 AND operation = $2 ORDER BY number LIMIT $3))
        """
}
