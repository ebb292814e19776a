public import WorkflowModel

/// The statements that wait reasons are read by. All of them see one state of the database.
public protocol WaitReasonTransaction: LimitTransaction {
    /// The tasks of a run that wait in queues of limits, by their positions.
    func queuedTasks(of run: RunReference, tenant: Int) throws -> [(position: Int, queue: LimitQueue)]

    /// How many tasks of the tenant are claimed before this one, ``TaskWaitReason/mostAhead`` at most.
    func tasksAhead(of task: ReadyTaskPlace<RunReference>, tenant: Int) throws -> Int

    /// nil when there is no such limit.
    func size(of limit: Limit, tenant: Int) throws -> Int?

    /// How many runs of a configuration are under way.
    func goingRunCount(of configuration: String, tenant: Int) throws -> Int

    /// The runs of a configuration that are under way, ``LimitUsage/mostHolders`` at most.
    func goingRunHolders(of configuration: String, tenant: Int) throws -> [LimitHolder]

    /// The tasks that workers hold, of those the ones that take something of a limit.
    func leaseHolders(of limit: Limit, tenant: Int) throws -> [LimitHolder]
}

/// The place of a claimable task among those of its tenant: they are claimed by these three, in this order.
public struct ReadyTaskPlace<Run: Hashable> {
    public var readyAt: Timestamp
    public var position: Int
    public var run: Run
}

extension WaitReasonTransaction {
    public func waitReasons(
        of id: RunID, _ run: RunReference, tenant: Int, progress: RunProgress, at now: Timestamp
    ) throws -> RunWaitReasons {
        let queues = Dictionary(try queuedTasks(of: run, tenant: tenant).map { ($0.position, $0.queue) }) { first, _ in first }
        var usages: [LimitQueue: LimitUsage] = [:]
        for queue in Set(queues.values) { usages[queue] = try usage(of: queue, tenant: tenant) }
        return try RunWaitReasons(
            id, createdAt: progress.createdAt, progress: progress, waiting: queues, usages: usages,
            ahead: { readyAt, position in
                try tasksAhead(of: ReadyTaskPlace(readyAt: readyAt, position: position, run: run), tenant: tenant)
            }, at: now)
    }

    private func usage(of queue: LimitQueue, tenant: Int) throws -> LimitUsage {
        let size = try size(of: queue.limit, tenant: tenant)
        guard case .runs(let configuration) = queue.limit else {
            return LimitUsage(queue: queue, size: size, leases: try leaseHolders(of: queue.limit, tenant: tenant))
        }
        return LimitUsage(
            queue: queue, size: size, taken: try goingRunCount(of: configuration, tenant: tenant),
            holders: try goingRunHolders(of: configuration, tenant: tenant))
    }
}

extension RowReader {
    /// A run that holds a slot of its configuration: the columns id, name, created_at.
    public mutating func nextRunHolder() throws -> LimitHolder {
        LimitHolder(run: try next(), task: nil, label: try next(), units: 1, since: try next())
    }

    /// A task that a worker holds: the columns run, task, label, uses, state_changed_at.
    /// - Returns: nil when it takes nothing of the limit.
    public mutating func nextLeaseHolder(of limit: Limit) throws -> LimitHolder? {
        try LimitHolder(of: limit, run: try next(), task: try next(), label: try next(), uses: try next(), since: try next())
    }
}
