/// How much of a configuration a run goes through: each stage says in which modes it takes part.
public enum RunMode: String, CaseIterable, Sendable {
    case source
    case refresh
    case full
}

/// A workflow as its owner wrote it, checked whole: every name in it exists, nothing needs itself, every limit is kept.
public struct WorkflowConfiguration: Hashable, Sendable {
    /// Of the owner's choice, such as `cg-daily`.
    public var id: String
    public var name: String
    public var type: String
    /// The mode of a run that names none.
    public var runMode: RunMode
    /// How long a run may take before it is worth a warning.
    public var warnAfter: Duration?
    /// When it runs by itself; their ids differ.
    public var schedules: [Schedule]
    /// Runs of it that go at once; nil for no limit.
    public var concurrency: Int?
    /// Who is told of its runs, by the names of receivers.
    public var alerts: [AlertRoute]
    public var stages: [Stage]

    public init(
        id: String, name: String, type: String, runMode: RunMode = .full, warnAfter: Duration? = nil, concurrency: Int? = nil,
        schedules: [Schedule] = [], alerts: [AlertRoute] = [], stages: [Stage]
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.runMode = runMode
        self.warnAfter = warnAfter
        self.schedules = schedules
        self.concurrency = concurrency
        self.alerts = alerts
        self.stages = stages
    }

    public var tasks: [TaskDefinition] {
        stages.flatMap(\.tasks)
    }
}

public struct Stage: Hashable, Sendable {
    public var name: String
    public var runModes: Set<RunMode>
    public var tasks: [TaskDefinition]

    public init(name: String, runModes: Set<RunMode> = Set(RunMode.allCases), tasks: [TaskDefinition]) {
        self.name = name
        self.runModes = runModes
        self.tasks = tasks
    }
}

public struct TaskDefinition: Hashable, Sendable {
    /// Unique in its configuration.
    public var id: String
    public var label: String
    /// An open string, such as `courier.pull`.
    public var type: String
    /// The ids of the tasks that must have succeeded before: resolved, so that what was left out is everything in the stage before.
    public var needs: [String]
    public var action: TaskAction
    public var timeout: Duration?
    public var retry: RetryPolicy
    public var blame: BlameTable
    /// How long work that was told to end may take before it is killed.
    public var grace: Duration?
    /// Units of its tenant's resources that it uses while it runs, by name.
    public var uses: [String: Int]

    public init(
        id: String, label: String, type: String, needs: [String] = [], action: TaskAction, timeout: Duration? = nil,
        retry: RetryPolicy = .standard, blame: BlameTable = BlameTable(), grace: Duration? = nil, uses: [String: Int] = [:]
    ) {
        self.id = id
        self.label = label
        self.type = type
        self.needs = needs
        self.action = action
        self.timeout = timeout
        self.retry = retry
        self.blame = blame
        self.grace = grace
        self.uses = uses
    }
}

/// What a task does.
public enum TaskAction: Hashable, Sendable {
    /// A program and its arguments, never passed through a shell.
    case command([String])
    case http(HTTPCall)

    public var executionType: ExecutionType {
        switch self {
        case .command: .command
        case .http: .http
        }
    }
}

public struct HTTPCall: Hashable, Sendable {
    public var method: String
    public var url: String
    /// In the order in which they were written.
    public var headers: [Header]
    /// Statuses that count as success.
    public var expect: Set<Int>
    public var body: Body

    public struct Header: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public enum Body: Hashable, Sendable {
        case none
        case text(String)
        case json(JSONText)
        /// A JSON object of the run, the task and the outputs of what it needs: what a POST, PUT or PATCH sends unless told otherwise.
        case inputs
    }

    public init(method: String, url: String, headers: [Header] = [], expect: Set<Int> = Set(200...299), body: Body = .none) {
        self.method = method
        self.url = url
        self.headers = headers
        self.expect = expect
        self.body = body
    }
}

/// Whose fault an ending is, where a task's owner knows better than the convention.
public struct BlameTable: Hashable, Sendable {
    /// By exit code of a command, or by status of an HTTP reply.
    public var byCode: [Int: Attribution]
    public var timeout: Attribution?

    public init(byCode: [Int: Attribution] = [:], timeout: Attribution? = nil) {
        self.byCode = byCode
        self.timeout = timeout
    }
}
