/// The activity or wait reason of each unfinished task of a run, at one moment.
public struct RunWaitReasons: Hashable, Sendable {
    public var id: RunID
    public var state: RunState
    public var createdAt: Timestamp
    public var endedAt: Timestamp?
    /// In the order of the configuration.
    public var tasks: [TaskWaitReason]

    public init(id: RunID, state: RunState, createdAt: Timestamp, endedAt: Timestamp?, tasks: [TaskWaitReason]) {
        self.id = id
        self.state = state
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.tasks = tasks
    }
}

public struct TaskWaitReason: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// Does not wait: a worker executes it.
        case works
        /// Does not wait: a worker is stopping it.
        case stops
        /// Other tasks of the run, which have to succeed first, or to end first when it is a closing task.
        case needs([NeededTask])
        /// A retry, at that time.
        case retry(at: Timestamp, after: RunError?)
        /// Work outside, which a worker checks at that time.
        case outside(TaskWait)
        /// A worker. `ahead` counts the tasks of the tenant that are claimed before it, up to ``mostAhead``.
        case worker(ahead: Int)
        case limit(LimitUsage)
        /// Does not wait itself: its items run, or wait. `parallel` is how many may run at the same time at most.
        case items(ItemCounts, parallel: Int?)
    }

    /// Tasks ahead that are counted at most.
    public static let mostAhead = 1_000

    public var id: TaskID
    public var definitionID: String
    public var label: String
    public var state: TaskState
    public var reason: Reason
    public var since: Timestamp
}

/// A task that another task needs.
public struct NeededTask: Hashable, Sendable {
    public var id: TaskID
    public var label: String
    public var state: TaskState
}

/// A limit and its usage, for a task that waits for it.
public struct LimitUsage: Hashable, Sendable {
    /// Holders returned at most.
    public static let mostHolders = 20

    public var queue: LimitQueue
    /// nil when the limit has been removed.
    public var size: Int?
    /// The slots or units that the task demands.
    public var units: Int
    public var taken: Int
    /// The tasks or runs that hold the limit, ``mostHolders`` at most.
    public var holders: [LimitHolder]

    public init(queue: LimitQueue, size: Int?, units: Int = 1, taken: Int, holders: [LimitHolder]) {
        self.queue = queue
        self.size = size
        self.units = units
        self.taken = taken
        self.holders = Array(holders.prefix(Self.mostHolders))
    }
}

/// A task, or a run, that holds a part of a limit.
public struct LimitHolder: Hashable, Sendable {
    public var run: RunID
    /// nil for a run.
    public var task: TaskID?
    public var label: String
    public var units: Int
    public var since: Timestamp

    public init(run: RunID, task: TaskID?, label: String, units: Int, since: Timestamp) {
        self.run = run
        self.task = task
        self.label = label
        self.units = units
        self.since = since
    }
}

extension RunWaitReasons {
    /// - Parameters:
    ///   - progress: the run.
    ///   - waiting: the queues that tasks wait in, by task position.
    ///   - usages: the usage of those queues.
    ///   - ahead: how many tasks of the tenant are claimed before the task at that position, ready since that time.
    package init(
        _ id: RunID, createdAt: Timestamp, progress: RunProgress, waiting: [Int: LimitQueue],
        usages: [LimitQueue: LimitUsage], ahead: (_ readyAt: Timestamp, _ position: Int) throws -> Int, at now: Timestamp
    ) rethrows {
        let byDefinition = Dictionary(progress.tasks.map { ($0.definitionID, $0) }, uniquingKeysWith: { first, _ in first })
        var tasks: [TaskWaitReason] = []
        for (place, task) in progress.tasks.enumerated() where !task.state.hasEnded {
            let reason: TaskWaitReason.Reason
            var since = task.stateChangedAt
            if task.state == .stopping {
                reason = .stops
            } else if let fan = task.fan, let counts = fan.counts, !counts.isPrepared {
                reason = .items(counts, parallel: fan.maxParallel)
            } else if task.isHeld {
                reason = .works
            } else if var wait = task.wait, task.waitsOutside, let ready = task.readyAt, ready > now {
                // Earlier than the wait says when the called run has ended.
                wait.until = ready
                reason = .outside(wait)
            } else if let ready = task.readyAt, ready > now {
                reason = .retry(at: ready, after: task.error)
            } else if let ready = task.readyAt {
                since = ready
                if let queue = waiting[place], var usage = usages[queue] {
                    if case .resource(let name) = queue.limit { usage.units = task.uses[name] ?? 1 }
                    reason = .limit(usage)
                } else {
                    reason = .worker(ahead: try ahead(ready, place))
                }
            } else {
                reason = .needs(
                    task.needs.compactMap { byDefinition[$0] }.filter {
                        task.when.isClosing ? !$0.state.hasEnded : !$0.satisfiesNeeds
                    }.map {
                        NeededTask(id: $0.id, label: $0.label, state: $0.state)
                    })
            }
            tasks.append(
                TaskWaitReason(
                    id: task.id, definitionID: task.definitionID, label: task.label, state: task.state, reason: reason, since: since
                ))
        }
        self.init(id: id, state: progress.state, createdAt: createdAt, endedAt: progress.endedAt, tasks: tasks)
    }
}
