/// The id of a bulk operation: `bo-…`.
public struct BulkID: DatedID {
    public static let prefix = "bo"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// One request that acts on many runs, and how far it has come.
///
/// It is kept in the store: it survives restarts, any node continues it, and every run that it comes to gets a ``BulkReceipt`` in the
/// transaction that acts on the run.
public struct BulkOperation: Hashable, Sendable {
    public enum State: String, CaseIterable, Sendable {
        case running
        /// It came to the end of its runs.
        case finished
        /// It was ended on request. Its receipts stay.
        case aborted
    }

    public var id: BulkID
    public var tenant: Tenant
    public var action: BulkAction
    public var selection: BulkSelection
    /// Runs that were created at this time or later are not included.
    public var createdBefore: Timestamp
    /// Runs that it acts on in a second, at most; within ``BulkLimits/rates``.
    public var perSecond: Int
    public var requestedBy: Principal
    public var requestedAt: Timestamp
    /// The runs that were selected when it was requested. Those that match no longer when the operation comes to them get no receipt.
    public var total: Int
    public var state: State
    public var counts: BulkCounts
    /// nil while it is running.
    public var endedAt: Timestamp?
    /// nil unless it was aborted.
    public var abortedBy: Principal?

    public init(
        id: BulkID, tenant: Tenant, action: BulkAction, selection: BulkSelection, createdBefore: Timestamp,
        perSecond: Int = BulkLimits.usualRate, requestedBy: Principal, requestedAt: Timestamp, total: Int, state: State = .running,
        counts: BulkCounts = BulkCounts(), endedAt: Timestamp? = nil, abortedBy: Principal? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.action = action
        self.selection = selection
        self.createdBefore = createdBefore
        self.perSecond = perSecond
        self.requestedBy = requestedBy
        self.requestedAt = requestedAt
        self.total = total
        self.state = state
        self.counts = counts
        self.endedAt = endedAt
        self.abortedBy = abortedBy
    }

    private static let clientPrefix = "bulk operation "

    /// The client of the changes that it makes, in the audit log.
    public var client: String { Self.clientPrefix + id.rawValue }

    /// The operation with that client; nil for any other client.
    public static func id(ofClient client: String) -> BulkID? {
        guard client.hasPrefix("\(clientPrefix)\(BulkID.prefix)-") else { return nil }
        return BulkID(rawValue: String(client.dropFirst(clientPrefix.count)))
    }

    /// The event of its request and its abort: "stop 120 runs".
    public var auditObject: AuditObject {
        AuditObject(id.rawValue, name: "\(action.kind.rawValue) \(total) \(total == 1 ? "run" : "runs")")
    }
}

/// The runs of a bulk operation.
public enum BulkSelection: Hashable, Sendable {
    /// In the order in which it comes to them, each once; at most ``BulkLimits/ids``.
    case runs([RunID])
    /// From the newest to the oldest.
    case filter(RunFilter)
}

extension RunFilter {
    /// The filter with a bound on the creation of runs.
    public func limited(to bound: Timestamp) -> RunFilter {
        var limited = self
        limited.created = TimeWindow(from: created?.from, to: min(created?.to ?? bound, bound))
        return limited
    }
}

/// The receipts of a bulk operation by their outcome.
public struct BulkCounts: Hashable, Sendable {
    public var done: Int
    public var unchanged: Int
    public var refused: Int

    public init(done: Int = 0, unchanged: Int = 0, refused: Int = 0) {
        self.done = done
        self.unchanged = unchanged
        self.refused = refused
    }

    /// All receipts.
    public var receipts: Int { done + unchanged + refused }

    public subscript(outcome: BulkOutcome) -> Int {
        switch outcome {
        case .done: done
        case .unchanged: unchanged
        case .refused: refused
        }
    }

    public mutating func add(_ outcome: BulkOutcome) {
        switch outcome {
        case .done: done += 1
        case .unchanged: unchanged += 1
        case .refused: refused += 1
        }
    }
}

/// The limits of bulk operations.
public enum BulkLimits {
    /// Runs of one operation.
    public static let runs = 1_000_000
    /// Runs that are named by their ids.
    public static let ids = 1_000
    /// Runs that an operation acts on in a second.
    public static let rates = 1...1_000
    public static let usualRate = 50
    /// Operations of a tenant that are running.
    public static let running = 20
    /// Runs that a preview shows.
    public static let samples = 10
    /// Workflows that a preview counts, those with most runs.
    public static let countedWorkflows = 100
    /// How long the runs of a filter are counted, when no kept count knows their number.
    public static let countTime = Duration.seconds(2)
    /// How long an operation that has ended is kept with its receipts.
    public static let kept = Duration.seconds(90 * 86_400)
    /// Receipts on a page.
    public static let page = 1...1_000
    /// How long a node works on one before it looks for the next one.
    public static let turn = Duration.seconds(1)
    /// How long a node has an operation. Another one continues it when it has not come back by then.
    public static let lease = Duration.seconds(10)
}
