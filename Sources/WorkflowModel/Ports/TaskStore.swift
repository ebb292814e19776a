/// Reads the attempts, values and output of a run's tasks.
public protocol TaskStore: Sendable {
    /// Attempts at the tasks of a run, oldest first.
    func attempts(of run: RunID, tenant: Tenant, at tasks: AttemptedTasks) async throws -> [TaskAttemptRecord]

    /// The inputs and outputs of a task; nil when the tenant has no such task in that run.
    func values(of task: TaskID, in run: RunID, tenant: Tenant) async throws -> TaskValues?

    /// The outputs of a run's tasks, in the order of the tasks; tasks without outputs are left out.
    /// - Parameter length: of outputs with more bytes, only the size is returned.
    func outputs(of run: RunID, tenant: Tenant, upTo length: Int) async throws -> [TaskOutputs]

    /// How the tasks of some runs went, in the order of the tasks. Runs that no longer exist are left out.
    func taskResults(matching query: TaskResultQuery) async throws -> [RunID: [TaskResult]]

    /// Items of groups, in their order: the task instances of tasks that run once for each of several items.
    func items(matching query: TaskItemQuery) async throws -> [TaskInstance]

    /// A piece of an attempt's output.
    /// - Returns: nil when the tenant has no such task in that run, or the task no such attempt.
    func output(_ query: TaskOutputQuery) async throws -> OutputSlice?

    /// The output of a run's tasks, in the order of the tasks: of each the newest attempt, or the one that is asked for.
    ///
    /// A page holds the whole output of some tasks, or a part of one whose output is larger than the limit.
    /// - Returns: nil when the tenant has no such run.
    func output(_ query: RunOutputQuery) async throws -> RunOutputPage?
}

/// The tasks whose attempts are wanted.
public enum AttemptedTasks: Hashable, Sendable {
    case all
    /// Without the items of groups, of which there may be many.
    case withoutItems
    /// One item of a group.
    case item(TaskID)
}

extension TaskStore {
    /// The attempts at all tasks of a run, oldest first.
    public func attempts(of run: RunID, tenant: Tenant) async throws -> [TaskAttemptRecord] {
        try await attempts(of: run, tenant: tenant, at: .all)
    }
}

/// A request for items of groups of a run.
public struct TaskItemQuery: Hashable, Sendable {
    public var run: RunID
    public var tenant: Tenant
    /// nil for the items of all groups.
    public var group: TaskID?
    /// The number of the first item that is wanted; only with a group.
    public var first: Int
    public var states: Set<TaskState>
    /// Items at most.
    public var limit: Int

    public init(
        of run: RunID, tenant: Tenant, group: TaskID? = nil, from first: Int = 0,
        in states: Set<TaskState> = Set(TaskState.allCases),
        limit: Int
    ) {
        self.run = run
        self.tenant = tenant
        self.group = group
        self.first = first
        self.states = states
        self.limit = limit
    }

    /// The one item with that id.
    /// - Returns: nil for an id that no item has.
    public init?(_ item: TaskID, of run: RunID, tenant: Tenant) {
        guard let (group, index) = item.asItem else { return nil }
        self.init(of: run, tenant: tenant, group: group, from: index, limit: 1)
    }

    /// - Parameter group: the position of the group, when one is wanted.
    package func positions(ofGroup group: Int?) -> Range<Int> {
        guard let group else { return ItemPlace.first..<Int(Int32.max) }
        let places = ItemPlace.positions(ofGroup: group)
        return min(places.lowerBound + max(0, first), places.upperBound)..<places.upperBound
    }
}

/// A request for a piece of one attempt's output.
public struct TaskOutputQuery: Hashable, Sendable {
    public var task: TaskID
    public var run: RunID
    public var tenant: Tenant
    /// nil for the newest one.
    public var attempt: Int?
    /// Where to begin, in bytes of the whole output; bytes that are no longer kept are skipped.
    public var offset: Int
    /// The slice begins so many bytes before the present end, if ``offset`` is not behind that; nil to begin at ``offset``.
    public var last: Int?
    /// Bytes at most.
    public var limit: Int

    public init(
        of task: TaskID, in run: RunID, tenant: Tenant, attempt: Int? = nil, from offset: Int = 0,
        last: Int? = nil, limit: Int
    ) {
        self.task = task
        self.run = run
        self.tenant = tenant
        self.attempt = attempt
        self.offset = offset
        self.last = last
        self.limit = limit
    }

    /// - Parameter end: of the output so far.
    /// - Returns: the first byte that is wanted.
    package func begin(ofOutputUpTo end: Int) -> Int {
        max(0, offset, last.map { end - max(0, $0) } ?? 0)
    }
}

/// A request for a page of a run's output.
public struct RunOutputQuery: Hashable, Sendable {
    public var run: RunID
    public var tenant: Tenant
    /// nil for the newest one of each task. Tasks without that attempt are left out.
    public var attempt: Int?
    /// Where to go on; nil to begin.
    public var place: RunOutputPlace?
    /// Bytes of output at most.
    public var limit: Int

    public init(of run: RunID, tenant: Tenant, attempt: Int? = nil, from place: RunOutputPlace? = nil, limit: Int) {
        self.run = run
        self.tenant = tenant
        self.attempt = attempt
        self.place = place
        self.limit = limit
    }
}
