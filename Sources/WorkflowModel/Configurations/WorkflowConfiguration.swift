/// Selects the stages of a run: each stage lists the modes in which it runs.
public enum RunMode: String, CaseIterable, Sendable {
    case source
    case refresh
    case full
}

/// A checked configuration: every reference exists, needs have no cycles, and every limit is kept.
public struct WorkflowConfiguration: Hashable, Sendable {
    /// Chosen by its author, such as `cg-daily`.
    public var id: String
    public var name: String
    public var type: String
    /// The mode of runs that are started without one.
    public var runMode: RunMode
    /// The labels of its runs.
    public var labels: RunLabels
    /// In the order in which they are written.
    public var parameters: [ParameterDefinition]
    /// How long a run may take before an alert is raised.
    public var warnAfter: Duration?
    /// Each has its own id.
    public var schedules: [Schedule]
    /// Runs at the same time; nil for no limit.
    public var concurrency: Int?
    /// How long closing tasks may run after a stop; with zero, a stop cancels them too.
    public var afterStop: Duration
    /// In the order of the file.
    public var triggers: [WorkflowTrigger]
    /// The receivers of alerts about its runs.
    public var alerts: [AlertRoute]
    public var stages: [Stage]

    public init(
        id: String, name: String, type: String, runMode: RunMode = .full, labels: RunLabels = RunLabels(),
        parameters: [ParameterDefinition] = [], warnAfter: Duration? = nil, concurrency: Int? = nil,
        afterStop: Duration = ConfigurationLimits.standardAfterStop,
        schedules: [Schedule] = [], triggers: [WorkflowTrigger] = [], alerts: [AlertRoute] = [], stages: [Stage]
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.runMode = runMode
        self.labels = labels
        self.parameters = parameters
        self.warnAfter = warnAfter
        self.schedules = schedules
        self.triggers = triggers
        self.concurrency = concurrency
        self.afterStop = afterStop
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

extension Stage {
    /// Whether it has a task that is not a closing task.
    public var hasWork: Bool { tasks.contains { !$0.when.isClosing } }
}

public struct TaskDefinition: Hashable, Sendable {
    /// Unique in its configuration.
    public var id: String
    public var label: String
    /// Free text, such as `courier.pull`.
    public var type: String
    public var when: TaskCondition
    /// The ids of tasks that must succeed first, or end first when it is a closing task. Resolved: when `needs` is omitted, these are
    /// the tasks of the stage before; for a closing task, all tasks before it and beside it. Closing tasks are not among them.
    public var needs: [String]
    /// Whether it runs; nil when it always does.
    public var gate: ConditionExpression?
    /// The items for each of which it runs; nil when it runs once.
    public var forEach: ForEach?
    public var action: TaskAction
    /// Variables of a command, those of defaults included. None has a name that begins with `WEIR_`.
    public var env: [EnvironmentVariable]
    public var timeout: Duration?
    public var retry: RetryPolicy
    public var blame: BlameTable
    /// How long work may take to end after SIGTERM before it is killed.
    public var grace: Duration?
    /// Units of the tenant's resources held while it runs, by name.
    public var uses: [String: Int]

    public init(
        id: String, label: String, type: String, when: TaskCondition = .success, needs: [String] = [],
        gate: ConditionExpression? = nil, forEach: ForEach? = nil,
        action: TaskAction, env: [EnvironmentVariable] = [], timeout: Duration? = nil,
        retry: RetryPolicy = .standard, blame: BlameTable = BlameTable(), grace: Duration? = nil, uses: [String: Int] = [:]
    ) {
        self.id = id
        self.label = label
        self.type = type
        self.when = when
        self.needs = needs
        self.gate = gate
        self.forEach = forEach
        self.action = action
        self.env = env
        self.timeout = timeout
        self.retry = retry
        self.blame = blame
        self.grace = grace
        self.uses = uses
    }
}

/// The work of a task.
public enum TaskAction: Hashable, Sendable {
    /// A program and its arguments, never passed through a shell.
    case command([String])
    case http(HTTPCall)
    /// An HTTP call that starts a job, which is awaited.
    case job(HTTPJob)
    case workflow(WorkflowCall)

    public var executionType: ExecutionType {
        switch self {
        case .command: .command
        case .http, .job: .http
        case .workflow: .workflow
        }
    }
}

public struct HTTPCall: Hashable, Sendable {
    /// The header by which a server recognizes a repeated request.
    public static let idempotencyKey = "idempotency-key"

    @Exact public var method: String
    @Exact public var url: String
    /// In the order in which they are written.
    public var headers: [Header]
    /// Statuses that mean success.
    public var expect: Set<Int>
    public var body: Body
    /// Redirections that are followed at most.
    public var follow = 0
    /// The certificate by which it identifies itself to the server; nil for none.
    public var clientCertificate: ClientCertificate?
    /// The values of the reply that become the task's outputs, in the order in which they are written; empty for the whole reply.
    public var outputs: [Output] = []

    /// A value of the reply.
    public struct Output: Hashable, Sendable {
        @Exact public var name: String
        public var path: ReplyPath

        public init(name: String, path: ReplyPath) {
            self.name = name
            self.path = path
        }
    }

    public struct Header: Hashable, Sendable {
        @Exact public var name: String
        @Exact public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public enum Body: Hashable, Sendable {
        case none
        case text(String)
        case json(JSONText)
        /// A JSON object with the run, the task and the outputs of its needs; the default for POST, PUT and PATCH.
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

/// Overrides the conventional attribution of a task's failures.
public struct BlameTable: Hashable, Sendable {
    /// By exit code of a command, or by HTTP status of a call.
    public var byCode: [Int: Attribution]
    public var timeout: Attribution?

    public init(byCode: [Int: Attribution] = [:], timeout: Attribution? = nil) {
        self.byCode = byCode
        self.timeout = timeout
    }
}
