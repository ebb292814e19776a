/// What the tasks of a run that have not ended do or wait for, at one moment.
public struct RunStanding: Hashable, Sendable {
    public var id: RunID
    public var state: RunState
    public var createdAt: Timestamp
    public var endedAt: Timestamp?
    /// In the order of the configuration.
    public var tasks: [TaskStanding]

    public init(id: RunID, state: RunState, createdAt: Timestamp, endedAt: Timestamp?, tasks: [TaskStanding]) {
        self.id = id
        self.state = state
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.tasks = tasks
    }
}

public struct TaskStanding: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// Nothing: a worker has it.
        case works
        /// A worker has it, and was told to end it.
        case stops
        /// Other tasks of the run, which have to succeed first.
        case needs([NeededTask])
        /// Another attempt, and the time for it.
        case retry(at: Timestamp, after: RunError?)
        /// A worker; so many tasks of the tenant can be claimed before it, ``mostAhead`` at most.
        case worker(ahead: Int)
        case limit(LimitStanding)
    }

    /// Tasks ahead that are counted.
    public static let mostAhead = 1_000

    public var id: TaskID
    public var definitionID: String
    public var label: String
    public var state: TaskState
    public var reason: Reason
    public var since: Timestamp
}

/// A task that another one needs.
public struct NeededTask: Hashable, Sendable {
    public var id: TaskID
    public var label: String
    public var state: TaskState
}

/// A limit, as it stands for one who waits for it.
public struct LimitStanding: Hashable, Sendable {
    /// Holders that are named.
    public static let mostHolders = 20

    public var queue: LimitQueue
    /// nil when there is none any more.
    public var size: Int?
    /// What the task asks for.
    public var units: Int
    public var taken: Int
    /// What holds it, ``mostHolders`` at most.
    public var holders: [LimitHolder]

    public init(queue: LimitQueue, size: Int?, units: Int = 1, taken: Int, holders: [LimitHolder]) {
        self.queue = queue
        self.size = size
        self.units = units
        self.taken = taken
        self.holders = Array(holders.prefix(Self.mostHolders))
    }
}

/// A task, or a run, that takes up what another one waits for.
public struct LimitHolder: Hashable, Sendable {
    public var run: RunID
    /// nil when it is a run.
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

extension RunStanding {
    /// - Parameters:
    ///   - progress: the run's.
    ///   - waiting: the queues that tasks wait in, by their places.
    ///   - standings: those queues, by themselves.
    ///   - ahead: how many tasks of the tenant can be claimed before one that is ready since then.
    package init(
        _ id: RunID, createdAt: Timestamp, progress: RunProgress, waiting: [Int: LimitQueue],
        standings: [LimitQueue: LimitStanding], ahead: (Timestamp) throws -> Int, at now: Timestamp
    ) rethrows {
        let byDefinition = Dictionary(progress.tasks.map { ($0.definitionID, $0) }, uniquingKeysWith: { first, _ in first })
        var tasks: [TaskStanding] = []
        for (place, task) in progress.tasks.enumerated() where !task.state.hasEnded {
            let reason: TaskStanding.Reason
            var since = task.stateChangedAt
            if task.state == .stopping {
                reason = .stops
            } else if task.state.isHeld {
                reason = .works
            } else if let ready = task.readyAt, ready > now {
                reason = .retry(at: ready, after: task.error)
            } else if let ready = task.readyAt {
                since = ready
                if let queue = waiting[place], var standing = standings[queue] {
                    if case .resource(let name) = queue.limit { standing.units = task.uses[name] ?? 1 }
                    reason = .limit(standing)
                } else {
                    reason = .worker(ahead: try ahead(ready))
                }
            } else {
                reason = .needs(
                    task.needs.compactMap { byDefinition[$0] }.filter { $0.state != .succeeded }.map {
                        NeededTask(id: $0.id, label: $0.label, state: $0.state)
                    })
            }
            tasks.append(
                TaskStanding(
                    id: task.id, definitionID: task.definitionID, label: task.label, state: task.state, reason: reason, since: since
                ))
        }
        self.init(id: id, state: progress.state, createdAt: createdAt, endedAt: progress.endedAt, tasks: tasks)
    }
}
