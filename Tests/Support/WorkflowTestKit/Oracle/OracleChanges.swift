import WorkflowModel

/// Changes of runs that happen between two pages, in the store and in memory.
struct OracleChanges {
    private(set) var count = 0
    /// Imported runs that have not ended.
    private var going: [RunID] = []
    /// Tasks of started runs that a worker holds.
    private var held: [ClaimedTask] = []
    private var configuration: WorkflowConfiguration?
    private var version: ConfigurationVersion?

    /// Behind all imported runs, a second for each change.
    private var now: Timestamp { StoreBench.after(70 * 86_400 + Double(count)) }

    mutating func begin(with runs: [WorkflowRun], _ bench: StoreBench) async throws {
        going = runs.filter { $0.endedAt == nil }.map(\.id)
        var configuration = WorkflowConfiguration(
            id: "cg-daily", name: "Daily load", type: RunHistory.types[0],
            stages: [Stage(name: "Everything", tasks: [StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])])
        configuration.labels = RunLabels([RunLabel("team:crm")].compactMap(\.self))
        version = try await bench.store.saveConfiguration(
            bench.draft(configuration.id, of: ListOracle.tenant, text: "oracle", type: configuration.type), at: now
        ).version
        self.configuration = configuration
    }

    /// One change of any kind.
    mutating func makeOne(in runs: inout RunsInMemory, _ bench: StoreBench) async throws {
        count += 1
        switch bench.random.number(in: 0...9) {
        case 0, 1, 2: try await add(to: &runs, bench)
        case 3, 4: try await stop(in: &runs, bench)
        case 5: try await start(in: &runs, bench)
        case 6, 7, 8: try await work(in: &runs, bench)
        default: try await delete(from: &runs, bench)
        }
    }

    private mutating func add(to runs: inout RunsInMemory, _ bench: StoreBench) async throws {
        let more = VariedHistory(
            bench.random.number(in: 1...6), of: ListOracle.tenant, over: ListOracle.spread, random: bench.random)
        try await bench.importAll(more.runs)
        for run in more.runs {
            runs.put(run)
            if run.endedAt == nil { going.append(run.id) }
        }
    }

    private mutating func stop(in runs: inout RunsInMemory, _ bench: StoreBench) async throws {
        guard !going.isEmpty else { return }
        let id = going.remove(at: bench.random.number(in: 0...going.count - 1))
        let stopped = try await bench.store.stopRun(id, of: ListOracle.tenant, at: now)
        if let stopped { runs.put(stopped.run) }
    }

    private mutating func start(in runs: inout RunsInMemory, _ bench: StoreBench) async throws {
        guard let configuration, let version else { return }
        let labels = RunLabels(Vocabulary.labels.filter { _ in bench.random.chance(0.3) })
        let request = RunRequest(
            principal: bench.random.pick(Vocabulary.principals), runMode: bench.random.pick([nil, .full]), labels: labels)
        let plan = try RunPlan(configuration, version: version, for: request, at: now, random: bench.random)
        runs.put(try await bench.store.createRun(plan, once: nil).details.run)
    }

    /// Claims a task, or reports a success, a failure or a retry of one that is held.
    private mutating func work(in runs: inout RunsInMemory, _ bench: StoreBench) async throws {
        let id: RunID
        if bench.random.chance(0.5), let claimed = try await bench.claim(1, at: now).first {
            held.append(claimed)
            id = claimed.lease.run
        } else if let claimed = held.popLast() {
            let fault = RunError(
                attribution: bench.random.pick(Attribution.allCases), type: bench.random.pick(Vocabulary.errorTypes),
                message: bench.random.pick(Vocabulary.messages))
            let outcome = bench.random.pick([TaskEvent.succeeded(TaskOutput()), .failed(fault), .retrying(fault, at: now)])
            _ = try await bench.store.commit([.began, outcome], under: claimed.lease, at: now)
            id = claimed.lease.run
        } else {
            return
        }
        if let details = try await bench.store.run(id, of: ListOracle.tenant) { runs.put(details.run) }
    }

    /// Deletes some of the oldest runs.
    private func delete(from runs: inout RunsInMemory, _ bench: StoreBench) async throws {
        guard let place = runs.place(bench.random.number(in: 1...30), by: .created) else { return }
        let cutoff = Timestamp(milliseconds: place.value)
        try await bench.deleteEnded(createdBefore: cutoff)
        let oldest = Array(runs.read(from: nil, to: place, by: .created, .ascending))
        for run in oldest where run.endedAt != nil && run.createdAt < cutoff { runs.remove(run.id) }
    }
}
