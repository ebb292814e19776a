public import WorkflowModel

// The parts of bulk operations beside their steps, which are the same in both stores.
extension BulkTransaction {
    public func bulkPage(matching query: BulkQuery) throws -> BulkPage {
        guard query.limit > 0 else { return BulkPage() }
        let found = try bulkOperations(of: query.tenant, below: query.place ?? .max, limit: query.limit + 1)
        return BulkPage(reading: found, limit: query.limit)
    }

    /// - Returns: nil when the tenant has no such operation.
    public func receiptPage(matching query: BulkReceiptQuery) throws -> BulkReceiptPage? {
        guard let stored = try bulkOperation(query.operation, of: query.tenant) else { return nil }
        guard query.limit > 0 else { return BulkReceiptPage(reading: [], limit: 0) }
        let found = try bulkReceipts(of: stored, query.outcome, behind: query.place, limit: query.limit + 1)
        return BulkReceiptPage(reading: found, limit: query.limit)
    }

    /// Ends an operation that is running.
    /// - Returns: the operation afterwards; nil when the tenant has none with that id.
    public func abort(_ id: BulkID, of tenant: Tenant, by principal: Principal, at now: Timestamp) throws -> BulkOperation? {
        guard let stored = try lockedBulkOperation(id, of: tenant) else { return nil }
        guard stored.operation.state == .running else { return stored.operation }
        try end(stored, at: now, abortedBy: principal)
        return try bulkOperation(id, of: tenant)?.operation
    }

    /// Ends a lease. A stale one changes nothing, and neither does one of an operation that has ended.
    public func release(_ lease: BulkLease, _ continuation: BulkContinuation, at now: Timestamp) throws {
        guard let stored = try lockedBulkOperation(lease.operation, of: lease.tenant), stored.token == lease.token,
            stored.operation.state == .running
        else { return }
        switch continuation {
        case .later(let time, let place): try delay(stored, until: time, at: place)
        case .finished: try end(stored, at: now, abortedBy: nil)
        }
    }
}
