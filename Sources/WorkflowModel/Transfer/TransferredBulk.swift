/// A bulk operation and how far it has come. One that was running goes on at that place in the other store.
public struct TransferredBulkOperation: Hashable, Sendable {
    public var operation: BulkOperation
    /// The run of a filter behind which it goes on; nil at the beginning, and for runs that are named by their ids.
    public var place: RunCursor?

    public init(_ operation: BulkOperation, at place: RunCursor? = nil) {
        self.operation = operation
        self.place = place
    }
}

/// A receipt with its operation.
public struct TransferredBulkReceipt: Hashable, Sendable {
    public var tenant: Tenant
    public var operation: BulkID
    public var receipt: BulkReceipt

    public init(_ receipt: BulkReceipt, of operation: BulkID, tenant: Tenant) {
        self.receipt = receipt
        self.operation = operation
        self.tenant = tenant
    }
}
