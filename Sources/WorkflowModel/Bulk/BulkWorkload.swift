/// A bulk operation that a node works on for a moment.
public struct ClaimedBulkOperation: Hashable, Sendable {
    public var operation: BulkOperation
    public var lease: BulkLease
    /// The run of a filter behind which it goes on; nil at the beginning, and for runs that are named by their ids.
    public var place: RunCursor?

    public init(_ operation: BulkOperation, under lease: BulkLease, at place: RunCursor? = nil) {
        self.operation = operation
        self.lease = lease
        self.place = place
    }
}

/// The right of one node to work on an operation. A claim raises the token: an earlier one no longer changes anything.
public struct BulkLease: Hashable, Sendable {
    public var operation: BulkID
    public var tenant: Tenant
    public var token: Int

    public init(of operation: BulkID, tenant: Tenant, token: Int) {
        self.operation = operation
        self.tenant = tenant
        self.token = token
    }
}

/// An act on one run.
public enum BulkAct: Hashable, Sendable {
    case stop(RunStop)
    /// A plan that reruns the run. A run that has a rerun already is left alone, so that no two operations rerun it twice.
    case rerun(RunPlan)
    /// Settles the failed tasks of a run that goes on.
    case resolve(ResolutionOrder)
    case delete
    case label(LabelChange)
    /// Nothing: the result is known.
    case settle(BulkResult)
}

/// The next step of an operation: one run.
public struct BulkStep: Hashable, Sendable {
    /// Of the receipt: one more than the operation has.
    public var number: Int
    public var run: RunID
    /// The run as a place of the filter; nil for runs that are named by their ids.
    public var place: RunCursor?
    public var act: BulkAct

    public init(_ number: Int, _ act: BulkAct, on run: RunID, at place: RunCursor? = nil) {
        self.number = number
        self.run = run
        self.place = place
        self.act = act
    }
}

/// Where an operation goes on, and when.
public enum BulkContinuation: Hashable, Sendable {
    /// Behind that run of the filter, at that time.
    case later(Timestamp, place: RunCursor?)
    /// It came to the end of its runs.
    case finished
}
