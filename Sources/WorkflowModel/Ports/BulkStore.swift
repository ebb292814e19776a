/// Keeps bulk operations and their receipts, and carries out their steps.
public protocol BulkStore: Sendable {
    /// - Returns: false when the tenant has ``BulkLimits/running`` operations that are running.
    func createBulkOperation(_ operation: BulkOperation) async throws -> Bool

    /// - Returns: nil when the tenant has no such operation.
    func bulkOperation(_ id: BulkID, of tenant: Tenant) async throws -> BulkOperation?

    /// A tenant's operations, newest first.
    func bulkOperations(matching query: BulkQuery) async throws -> BulkPage

    /// Ends an operation that is running. When this returns, it acts on no further run. No effect on one that has ended.
    /// - Returns: the operation after the request; nil when the tenant has no such operation.
    func abortBulkOperation(_ id: BulkID, of tenant: Tenant, by principal: Principal, at now: Timestamp) async throws
        -> BulkOperation?

    /// The receipts of an operation, in the order of their numbers; nil when the tenant has no such operation.
    func bulkReceipts(matching query: BulkReceiptQuery) async throws -> BulkReceiptPage?

    /// Claims operations whose time has come, those first that have waited longest. Until `expiry`, no other node gets them.
    func claimBulkOperationsOfAllTenants(limit: Int, until expiry: Timestamp, at now: Timestamp) async throws
        -> [ClaimedBulkOperation]

    /// Acts on one run and writes its receipt, in one transaction: each run is done once, whatever dies in between.
    ///
    /// A step whose receipt is written already changes nothing.
    /// - Returns: the receipt; nil when the lease is stale, or the operation has ended.
    func carryOut(_ step: BulkStep, under lease: BulkLease, at now: Timestamp) async throws -> BulkReceipt?

    /// Ends a lease. A stale one changes nothing.
    func release(_ lease: BulkLease, _ continuation: BulkContinuation, at now: Timestamp) async throws

    /// Ends all leases. For a service that owns its store alone: at its start, they belong to a dead process.
    func releaseBulkOperationsOfAllTenants(at now: Timestamp) async throws

    /// Deletes some receipts of operations that ended before `cutoff`, and the operations that have none left.
    /// - Returns: whether more are left.
    func deleteBulkOperationsOfAllTenants(endedBefore cutoff: Timestamp) async throws -> Bool

    /// Deletes one run that has ended, with its tasks, attempts, output and notes. Runs that rerun it keep its id. Statistics do not
    /// count it. An idempotency key that started it stays used until it expires.
    /// - Returns: nil when the tenant has no such run.
    func deleteRun(_ id: RunID, of tenant: Tenant) async throws -> DeletionOutcome?

    /// Changes the labels of a run in any state, also of imported history.
    /// - Returns: nil when the tenant has no such run.
    func changeLabels(of id: RunID, tenant: Tenant, _ change: LabelChange) async throws -> LabelOutcome?
}

/// A request for a page of a tenant's bulk operations.
public struct BulkQuery: Hashable, Sendable {
    public var tenant: Tenant
    /// Where to begin, from the previous page; nil for the newest.
    public var place: Int?
    public var limit: Int

    public init(of tenant: Tenant, from place: Int? = nil, limit: Int) {
        self.tenant = tenant
        self.place = place
        self.limit = limit
    }
}

public struct BulkPage: Hashable, Sendable {
    public var operations: [BulkOperation]
    /// Where the next page begins; nil on the last one.
    public var next: Int?

    public init(_ operations: [BulkOperation] = [], next: Int? = nil) {
        self.operations = operations
        self.next = next
    }
}

/// A request for a page of an operation's receipts.
public struct BulkReceiptQuery: Hashable, Sendable {
    public var operation: BulkID
    public var tenant: Tenant
    /// nil for receipts with any outcome.
    public var outcome: BulkOutcome?
    /// The number behind which the page begins; 0 for the first one.
    public var place: Int
    public var limit: Int

    public init(of operation: BulkID, tenant: Tenant, outcome: BulkOutcome? = nil, behind place: Int = 0, limit: Int) {
        self.operation = operation
        self.tenant = tenant
        self.outcome = outcome
        self.place = place
        self.limit = limit
    }
}

public struct BulkReceiptPage: Hashable, Sendable {
    public var receipts: [BulkReceipt]
    /// The number behind which the next page begins; nil on the last one.
    public var next: Int?

    /// - Parameter receipts: one more than the limit where there are more.
    public init(reading receipts: [BulkReceipt], limit: Int) {
        self.receipts = Array(receipts.prefix(limit))
        next = receipts.count > limit ? self.receipts.last?.number : nil
    }
}
