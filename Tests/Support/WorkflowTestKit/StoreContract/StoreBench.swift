public import Testing
public import WorkflowModel

/// A store with the helpers that keep contract rules short.
public struct StoreBench: Sendable {
    public let store: any WorkflowStore
    public let random: SeededRandom

    public static let acme = tenant("acme")
    public static let globex = tenant("globex")
    public static let someone = Principal(id: "key-1", name: "Operator's key")
    /// 2023-11-14T22:13:20Z, the start of every rule.
    public static let start = Timestamp(milliseconds: 1_700_000_000_000)

    /// A budget for searches that a rule needs to be whole, however slow the machine is.
    public static let patience = SearchBudget(time: .seconds(600))

    /// - Parameter seed: must differ between benches on one database, or their ids are equal.
    public init(_ store: any WorkflowStore, seed: UInt64 = 7) {
        self.store = store
        random = SeededRandom(seed: seed)
    }

    public static func tenant(_ name: String) -> Tenant {
        guard let tenant = Tenant(name) else { preconditionFailure("\(name) is not a tenant's name") }
        return tenant
    }

    /// A task that runs a command.
    public static func task(
        _ id: String, _ when: TaskCondition = .success, needs: [String] = [], timeout: Duration? = nil, uses: [String: Int] = [:]
    ) -> TaskDefinition {
        TaskDefinition(
            id: id, label: "Task \(id)", type: "test.\(id)", when: when, needs: needs, action: .command(["true"]), timeout: timeout,
            uses: uses)
    }

    /// Instants, by seconds after ``start``.
    public static func after(_ seconds: Double) -> Timestamp {
        start + .milliseconds(Int64(seconds * 1_000))
    }

    /// Saves a configuration if it is new, and plans a run of it.
    public func plan(
        _ tasks: [TaskDefinition] = [task("only")], of tenant: Tenant = acme, configuration id: String = "cg-daily",
        type: String = "test.daily/run", warnAfter: Duration? = nil, concurrency: Int? = nil,
        afterStop: Duration = .seconds(120), range: TimeWindow? = nil, labels: RunLabels = RunLabels(),
        parameters: RunParameters = RunParameters(), at now: Timestamp = start
    ) async throws -> RunPlan {
        let configuration = WorkflowConfiguration(
            id: id, name: "Daily", type: type,
            parameters: parameters.map { ParameterDefinition(name: $0.name, kind: .json) }, warnAfter: warnAfter,
            afterStop: afterStop,
            stages: [Stage(name: "Everything", tasks: tasks)])
        var draft = draft(id, of: tenant, text: "tasks: \(tasks.map(\.id))", type: type, at: now)
        draft.concurrency = concurrency
        if let concurrency { draft.source.text += ", concurrency: \(concurrency)" }
        let saved = try await store.saveConfiguration(draft, at: now)
        let request = RunRequest(principal: Self.someone, range: range, labels: labels, parameters: parameters)
        return try RunPlan(configuration, version: saved.version, for: request, at: now, random: random)
    }

    /// Plans a run and creates it.
    @discardableResult
    public func start(
        _ tasks: [TaskDefinition] = [task("only")], of tenant: Tenant = acme, configuration id: String = "cg-daily",
        type: String = "test.daily/run", warnAfter: Duration? = nil, concurrency: Int? = nil,
        afterStop: Duration = .seconds(120), at now: Timestamp = start
    ) async throws -> RunID {
        let plan = try await plan(
            tasks, of: tenant, configuration: id, type: type, warnAfter: warnAfter, concurrency: concurrency, afterStop: afterStop,
            at: now)
        return try await store.createRun(plan, once: nil).details.run.id
    }

    /// Starts a run and stops it, so that its closing task waits for a worker and has a minute.
    public func startStopped() async throws -> RunID {
        let tasks = [Self.task("a"), Self.task("close", .always, needs: ["a"])]
        let id = try await start(tasks, configuration: "cg-closing", afterStop: .seconds(60))
        let lease = try await claimOne()
        _ = try await store.stopRun(id, of: Self.acme, at: Self.start)
        _ = try await store.commit(.stopped, under: lease, at: Self.start)
        return id
    }

    public func draft(
        _ id: String, of tenant: Tenant = acme, text: String, type: String = "test.daily/run", directory: String? = nil,
        code: CodeVersion? = nil, hasSchedules: Bool = false, at now: Timestamp = start
    ) -> ConfigurationDraft {
        ConfigurationDraft(
            version: ConfigurationVersionID(at: now, using: random), tenant: tenant, configuration: id, name: "Daily", type: type,
            source: ConfigurationSource(text: text, format: .yaml, directory: directory, code: code), hasSchedules: hasSchedules,
            author: Self.someone)
    }

    /// Claims ready tasks for a minute.
    public func claim(_ limit: Int = 10, by worker: String = "worker-1", at now: Timestamp = start) async throws -> [ClaimedTask] {
        try await store.claimTasksOfAllTenants(TaskClaim(limit: limit, worker: worker, until: now + .seconds(60)), at: now)
    }

    /// Claims the only ready task.
    public func claimOne(by worker: String = "worker-1", at now: Timestamp = start) async throws -> Lease {
        try #require(try await claim(1, by: worker, at: now).first).lease
    }

    /// Reports success of a claimed task.
    public func succeed(_ lease: Lease, output: JSONText? = nil, at now: Timestamp = start) async throws {
        #expect(try await store.commit(.began, under: lease, at: now) == .accepted(.running))
        #expect(try await store.commit(.succeeded(TaskOutput(values: output)), under: lease, at: now) == .accepted(.succeeded))
    }

    public func details(_ id: RunID, of tenant: Tenant = acme) async throws -> WorkflowRunDetails {
        try #require(try await store.run(id, of: tenant))
    }

    /// The total of a list.
    public func total(_ filter: RunFilter? = nil, of tenant: Tenant = acme) async throws -> Int {
        var query = RunQuery(tenant: tenant, filter: filter ?? RunFilter(), limit: 1, withTotal: true)
        query.budget = Self.patience
        return try #require(try await store.runs(matching: query).total?.exact)
    }

    /// The states of a run's tasks, in their order.
    public func states(_ id: RunID, of tenant: Tenant = acme) async throws -> [TaskState] {
        try await details(id, of: tenant).tasks.map(\.state)
    }

    /// Expects a method to throw a `StoreError` with this code.
    public func expect<Value>(
        _ code: StoreError.Code, sourceLocation: SourceLocation = #_sourceLocation, from verb: () async throws -> Value
    ) async {
        do {
            _ = try await verb()
            Issue.record("no error, where \(code) was expected", sourceLocation: sourceLocation)
        } catch let error as StoreError {
            #expect(error.code == code, sourceLocation: sourceLocation)
            #expect(!error.message.isEmpty, sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(error), where \(code) was expected", sourceLocation: sourceLocation)
        }
    }
}

extension RunStore {
    /// Stops a run on behalf of an arbitrary principal.
    public func stopRun(_ id: RunID, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails? {
        try await stopRun(id, of: tenant, for: RunStop(requestedAt: now, requestedBy: StoreBench.someone))
    }
}
