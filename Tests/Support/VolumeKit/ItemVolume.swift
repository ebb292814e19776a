public import WorkflowModel

/// Runs with many items, driven through a store without an engine: claims in batches, and one commit for each end of an item.
///
/// Tests drive a few thousand items with it, the benchmark a hundred thousand.
public struct ItemVolume: Sendable {
    /// Ends an item or a task. A benchmark measures it, a test counts its work.
    public typealias Commit = @Sendable (_ events: [TaskEvent], _ lease: Lease, _ now: Timestamp) async throws -> CommitReceipt

    public var runs: Int
    /// Groups of each run.
    public var groups: Int
    /// Items of each group.
    public var items: Int
    /// `max_parallel` of each group; nil for none.
    public var parallel: Int?
    /// In every run whose number is divisible by it, one item fails. nil for no failures.
    public var failing: Int?
    /// Tasks of one claim, and commits that wait at the same time.
    public var claimed = 64
    public var lanes = 16

    public init(runs: Int, groups: Int, items: Int, parallel: Int? = nil, failing: Int? = nil) {
        self.runs = runs
        self.groups = groups
        self.items = items
        self.parallel = parallel
        self.failing = failing
    }

    public var total: Int { runs * groups * items }

    /// Each group has the numbers from 0 on as items, and one task needs all groups.
    var configuration: WorkflowConfiguration {
        let list = JSONText(validated: "[" + (0..<items).map(String.init).joined(separator: ",") + "]")
        var tasks = (0..<groups).map { group in
            TaskDefinition(
                id: "g\(group)", label: "Group \(group)", type: "volume.item", forEach: ForEach(.list(list), maxParallel: parallel),
                action: .command(["work"]))
        }
        tasks.append(
            TaskDefinition(
                id: "sum", label: "Sum", type: "volume.sum", needs: tasks.map(\.id), action: .command(["work"])))
        return WorkflowConfiguration(
            id: "volume-\(groups)-\(items)", name: "Volume", type: "volume/run", stages: [Stage(name: "All", tasks: tasks)])
    }

    /// Starts the runs at an instant.
    public func start(
        in store: any WorkflowStore, of tenant: Tenant, at now: Timestamp, random: any RandomSource
    ) async throws -> [RunID] {
        let (configuration, author) = (configuration, Principal(id: "volume", name: "Volume"))
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: now, using: random), tenant: tenant, configuration: configuration.id,
            name: configuration.name, type: configuration.type,
            source: ConfigurationSource(text: configuration.id, format: .yaml), author: author)
        let version = try await store.saveConfiguration(draft, at: now).version
        var started: [RunID] = []
        for _ in 0..<runs {
            let plan = try RunPlan(configuration, version: version, for: RunRequest(principal: author), at: now, random: random)
            started.append(try await store.createRun(plan, once: nil).details.run.id)
        }
        return started
    }

    /// Ends everything that the runs have to do.
    /// - Parameter commit: nil to commit to the store.
    /// - Returns: what is wrong; nothing when each item ran once, and each run ended as it had to.
    public func drive(
        _ started: [RunID], in store: any WorkflowStore, of tenant: Tenant, from start: Timestamp, commit: Commit? = nil
    ) async throws -> [String] {
        let commit = commit ?? { try await store.commit($0, under: $1, at: $2) }
        let numbers = Dictionary(uniqueKeysWithValues: started.enumerated().map { ($1, $0) })
        var (now, seen, complaints) = (start, Set<TaskID>(), [String]())
        while complaints.count < 10 {
            now = now + .milliseconds(1)
            let claim = TaskClaim(limit: claimed, worker: "volume", until: now + .seconds(60))
            let tasks = try await store.claimTasksOfAllTenants(claim, at: now)
            if tasks.isEmpty { break }
            for task in tasks where !seen.insert(task.lease.task).inserted || task.lease.attempt != 1 {
                complaints.append("\(task.lease.task) was claimed for attempt \(task.lease.attempt)")
            }
            complaints += try await end(tasks, numbers, at: now, commit)
        }
        let expected = started.indices.reduce(0) { $0 + groups * items + (fails($1) ? 0 : 1) }
        if seen.count != expected { complaints.append("\(seen.count) tasks were claimed, not \(expected)") }
        for (number, run) in started.enumerated() where complaints.count < 10 {
            complaints += try await check(run, number, in: store, of: tenant)
        }
        return complaints
    }

    private func end(
        _ tasks: [ClaimedTask], _ numbers: [RunID: Int], at now: Timestamp, _ commit: @escaping Commit
    ) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for lane in 0..<min(lanes, tasks.count) {
                group.addTask {
                    var complaints: [String] = []
                    for place in stride(from: lane, to: tasks.count, by: lanes) {
                        let task = tasks[place]
                        guard let number = numbers[task.lease.run] else { continue }
                        if task.item == nil { complaints += checkInputs(of: task) }
                        let event = event(for: task, ofRun: number)
                        let receipt = try await commit([.began, event], task.lease, now)
                        if receipt == .stale { complaints.append("\(task.lease.task) is stale") }
                    }
                    return complaints
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    // MARK: Expectations

    private func fails(_ run: Int) -> Bool { failing.map { run.isMultiple(of: $0) } ?? false }

    private func event(for task: ClaimedTask, ofRun number: Int) -> TaskEvent {
        guard let index = task.item?.index else { return .succeeded(TaskOutput()) }
        if fails(number), index == items / 2, task.definitionID == "g0" {
            return .failed(RunError(attribution: .customer, type: "volume/item", message: "A bad item"))
        }
        return .succeeded(TaskOutput(values: JSONText(validated: "{\"n\":\(index)}")))
    }

    /// The outputs of all items, in their order.
    private func checkInputs(of task: ClaimedTask) -> [String] {
        let wanted = "{\"items\":[" + (0..<items).map { "{\"n\":\($0)}" }.joined(separator: ",") + "]}"
        return (0..<groups).filter { task.inputs["g\($0)"]?.text != wanted }.map { "\(task.lease.run) lacks outputs of g\($0)" }
    }

    private func check(_ run: RunID, _ number: Int, in store: any WorkflowStore, of tenant: Tenant) async throws -> [String] {
        guard let details = try await store.run(run, of: tenant) else { return ["\(run) is gone"] }
        let hasFailed = fails(number)
        var complaints: [String] = []
        if details.run.state != (hasFailed ? .failed : .succeeded) { complaints.append("\(run) is \(details.run.state)") }
        if hasFailed != (details.run.error?.attribution == .customer) { complaints.append("\(run) has another error") }
        for (place, task) in details.tasks.enumerated() where place < groups {
            let failed = hasFailed && place == 0 ? 1 : 0
            if task.fan?.counts?.isWhole(items, failed: failed) != true {
                complaints.append("\(task.id) counts \(String(describing: task.fan?.counts))")
            }
        }
        let found = try await store.items(matching: TaskItemQuery(of: run, tenant: tenant, limit: groups * items + 1))
        if Set(found.map(\.id)).count != groups * items || found.count != groups * items {
            complaints.append("\(run) has \(found.count) items")
        }
        let wrong = found.count { $0.attempts != 1 || $0.state != ($0.error == nil ? .succeeded : .failed) }
        if wrong > 0 || found.count(where: { $0.state == .failed }) != (hasFailed ? 1 : 0) {
            complaints.append("\(run) has \(wrong) items with other ends or attempts")
        }
        return complaints
    }
}

extension ItemCounts {
    fileprivate func isWhole(_ items: Int, failed wanted: Int) -> Bool {
        total == items && succeeded == items - wanted && failed == wanted && active == 0 && waiting == 0 && ended == items
    }
}
