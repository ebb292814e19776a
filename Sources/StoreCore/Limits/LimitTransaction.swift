public import WorkflowModel

/// The statements that the rules of concurrency limits need, in the transaction that takes or releases slots.
public protocol LimitTransaction {
    /// Names a run in the store.
    associatedtype RunReference: Hashable

    /// Whether a limit has a size. May look it up into the ledger.
    func isLimited(_ limit: Limit, of tenant: Int, in ledger: inout LimitLedger) throws -> Bool

    /// Looks up sizes of limits and what is held of them.
    func learn(_ limits: Set<Limit>, of tenant: Int, into ledger: inout LimitLedger) throws

    /// The queues of a tenant in which tasks wait.
    func waitingQueues(of tenant: Int) throws -> [LimitQueue]

    /// The tasks that have waited longest in a queue, as many as the store moves at once; none when the queue is empty.
    func heads(of queue: LimitQueue, tenant: Int) throws -> [WaitingHead<RunReference>]

    /// Moves tasks to other queues.
    func move(_ tasks: [MovedTask<RunReference>], of tenant: Int) throws

    /// Makes all tasks of a run that wait in a queue claimable.
    func leaveQueue(_ queue: LimitQueue, run: RunReference, of tenant: Int) throws

    /// Makes all tasks that wait in a queue claimable.
    /// - Returns: how many they are.
    func emptyQueue(_ queue: LimitQueue, of tenant: Int) throws -> Int
}

/// A task at the head of a queue.
public struct WaitingHead<Run: Hashable> {
    public var run: Run
    public var position: Int
    /// Units of resources, by name.
    public var uses: [String: Int]
    public var configuration: String?
    public var runState: RunState

    public init(run: Run, position: Int, uses: [String: Int], configuration: String?, runState: RunState) {
        self.run = run
        self.position = position
        self.uses = uses
        self.configuration = configuration
        self.runState = runState
    }
}

/// A task on its way to another queue.
public struct MovedTask<Run: Hashable> {
    public var head: WaitingHead<Run>
    /// nil when the task can be claimed.
    public var queue: LimitQueue?
}

extension RowReader {
    /// The columns position, uses, configuration, state of the run.
    public mutating func nextWaitingHead<Run>(of run: Run) throws -> WaitingHead<Run> {
        WaitingHead(
            run: run, position: try next(), uses: try ResourceUse.uses(try next()), configuration: try next(),
            runState: try next())
    }

    /// A queue by its name.
    public mutating func nextQueue() throws -> LimitQueue {
        let name = try text()
        guard let queue = LimitQueue(rawValue: name) else { throw StoreError.unreadable("the queue \(name)") }
        return queue
    }
}
