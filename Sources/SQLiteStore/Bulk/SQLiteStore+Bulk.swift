import StoreCore
public import WorkflowModel

extension SQLiteStore {
    public func createBulkOperation(_ operation: BulkOperation) async throws -> Bool {
        try await write { database in
            let tenant = try database.findOrCreate(operation.tenant)
            let running = try database.row(BulkStatement.running, tenant) { try $0.next(Int.self) } ?? 0
            guard running < BulkLimits.running else { return false }
            try database.insert(operation, tenant: tenant)
            try database.record(.bulkRequested, operation.auditObject, of: operation.tenant, numbered: tenant)
            return true
        }
    }

    public func bulkOperation(_ id: BulkID, of tenant: Tenant) async throws -> BulkOperation? {
        try await read { try $0.bulkOperation(id, of: tenant)?.operation }
    }

    public func bulkOperations(matching query: BulkQuery) async throws -> BulkPage {
        try await read { try $0.bulkPage(matching: query) }
    }

    public func abortBulkOperation(
        _ id: BulkID, of tenant: Tenant, by principal: Principal, at now: Timestamp
    ) async throws -> BulkOperation? {
        try await write { try $0.abort(id, of: tenant, by: principal, at: now) }
    }

    public func bulkReceipts(matching query: BulkReceiptQuery) async throws -> BulkReceiptPage? {
        try await read { try $0.receiptPage(matching: query) }
    }
}

// The work of nodes.
extension SQLiteStore {
    public func claimBulkOperationsOfAllTenants(
        limit: Int, until expiry: Timestamp, at now: Timestamp
    ) async throws -> [ClaimedBulkOperation] {
        // Most of the time no operation is due, and a read costs less than a write.
        guard limit > 0, try await read({ try $0.row(BulkStatement.anyDue, now) { _ in true } }) != nil else { return [] }
        return try await write { database in
            try database.rows(BulkStatement.due, now, limit) { try $0.next(Int.self) }.compactMap { number in
                try database.change(BulkStatement.claim, expiry, number)
                return try database.bulkOperation(numbered: number).map {
                    ClaimedBulkOperation($0.operation, under: $0.lease, at: $0.place)
                }
            }
        }
    }

    public func carryOut(_ step: BulkStep, under lease: BulkLease, at now: Timestamp) async throws -> BulkReceipt? {
        // As retention, which deletes runs likewise.
        try await write(step.act == .delete ? .trusted : .small) { database, signals in
            try database.carryOut(step, under: lease, at: now, signals: &signals)
        }
    }

    public func release(_ lease: BulkLease, _ continuation: BulkContinuation, at now: Timestamp) async throws {
        try await write { try $0.release(lease, continuation, at: now) }
    }

    public func releaseBulkOperationsOfAllTenants(at now: Timestamp) async throws {
        _ = try await write { try $0.change(BulkStatement.releaseAll, now, now) }
    }

    public func deleteBulkOperationsOfAllTenants(endedBefore cutoff: Timestamp) async throws -> Bool {
        let expired = try await read { try $0.row(BulkStatement.expired, cutoff) { _ in true } }
        guard expired != nil else { return false }
        return try await write(.large) { database, _ in
            let found = try database.row(BulkStatement.expired, cutoff) { (try $0.next(Int.self), try $0.next(Int.self)) }
            guard let (number, tenant) = found else { return false }
            let deleted = try database.change(BulkStatement.deleteReceipts, tenant, number, BulkStatement.receiptsDeleted)
            if deleted < BulkStatement.receiptsDeleted { try database.change(BulkStatement.delete, number) }
            return true
        }
    }
}

enum BulkStatement {
    /// Receipts that are deleted in one transaction.
    static let receiptsDeleted = 1_000

    private static let select = """
        SELECT \(BulkColumns.list) FROM bulk_operations AS o
        CROSS JOIN principals AS p ON p.number = o.requested_by LEFT JOIN principals AS a ON a.number = o.aborted_by
        """
    static let byID = "\(select) WHERE o.tenant = ? AND o.id = ?"
    static let byNumber = "\(select) WHERE o.number = ?"
    static let tenant = "SELECT tenant FROM bulk_operations WHERE number = ?"
    static let list = "\(select) WHERE o.tenant = ? AND o.number < ? ORDER BY o.number DESC LIMIT ?"
    static let running = """
        SELECT count(*) FROM bulk_operations INDEXED BY bulk_operations_running WHERE tenant = ? AND due_at IS NOT NULL
        """
    static let insert = """
        INSERT INTO bulk_operations (tenant, id, action, parameters, runs, filter, created_before, per_second, requested_by,
            requested_at, total, state, due_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let end = "UPDATE bulk_operations SET state = ?, ended_at = ?, aborted_by = ?, due_at = NULL WHERE number = ?"
    static let saveProgress = """
        UPDATE bulk_operations SET done = ?, unchanged = ?, refused = ?, place_at = ?, place_run = ? WHERE number = ?
        """
    static let anyDue = "SELECT 1 FROM bulk_operations INDEXED BY bulk_operations_due WHERE due_at <= ? LIMIT 1"
    static let due = """
        SELECT number FROM bulk_operations INDEXED BY bulk_operations_due WHERE due_at <= ? ORDER BY due_at, number LIMIT ?
        """
    static let claim = "UPDATE bulk_operations SET token = token + 1, due_at = ? WHERE number = ?"
    static let wait = """
        UPDATE bulk_operations SET due_at = ?1, place_at = coalesce(?2, place_at), place_run = coalesce(?3, place_run)
        WHERE number = ?4
        """
    static let releaseAll = """
        UPDATE bulk_operations INDEXED BY bulk_operations_due SET token = token + 1, due_at = ? WHERE due_at > ?
        """
    static let expired = """
        SELECT number, tenant FROM bulk_operations INDEXED BY bulk_operations_ended WHERE ended_at < ? ORDER BY ended_at LIMIT 1
        """
    static let delete = "DELETE FROM bulk_operations WHERE number = ?"
    static let receipt = """
        SELECT \(BulkColumns.receipt) FROM bulk_receipts WHERE tenant = ? AND operation = ? AND number = ?
        """
    static let receipts = """
        SELECT \(BulkColumns.receipt) FROM bulk_receipts WHERE tenant = ? AND operation = ? AND number > ? ORDER BY number LIMIT ?
        """
    static let receiptsByOutcome = """
        SELECT \(BulkColumns.receipt) FROM bulk_receipts INDEXED BY bulk_receipts_outcome
        WHERE tenant = ? AND operation = ? AND outcome = ? AND number > ? ORDER BY number LIMIT ?
        """
    static let insertReceipt = """
        INSERT INTO bulk_receipts (tenant, operation, number, run, outcome, reason, rerun, written_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let deleteReceipts = """
        DELETE FROM bulk_receipts WHERE (tenant, operation, number) IN (
            SELECT tenant, operation, number FROM bulk_receipts WHERE tenant = ? AND operation = ? LIMIT ?)
        """
}
