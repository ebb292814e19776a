import SQLiteStore
import WorkflowAPI
import WorkflowModel

extension Bench {
    static let nothing = """
        id: cg-bench
        name: Bench
        type: bench.group/run
        stages:
          - name: Only
            tasks:
              - id: nothing
                type: bench.nothing
                command: [/usr/bin/true]
        """

    /// Durable starts over HTTP, compared with one commit per start on the same disk.
    func starts() async throws -> SetReport {
        var report = SetReport("starts", "acknowledged, durable starts, 64 connections")
        let (directory, key) = try await emptyData("starts")
        let (seconds, programs) = (seconds, programs)
        let load = try await withServer(data: directory, key: key) { server in
            try server.apply(Self.nothing, id: "cg-bench")
            return try server.load(
                server.plan([("a start", server.start("cg-bench"), 201)], connections: 64, seconds: seconds), from: programs)
        }
        let alone = try await startsOneByOne(seconds: min(3, seconds))
        report.found("starts/s, of what one commit per start reaches", load.perSecond / alone, "×", .atLeast(3))
        report.found(
            "starts", load.perSecond, "requests/s", .atLeast(12_000),
            note: "the generator took \(Figure.text(load.cpuShare)) of a core meanwhile")
        report.found("one commit per start, in process", alone, "starts/s")
        report.latencies = load.latencies
        return report
    }

    /// Sequential calls of the store's method: each start has its own commit.
    private func startsOneByOne(seconds: Double) async throws -> Double {
        let bench = try await StoreWithWork.open("\(scratch)/one-by-one")
        let start = Stopwatch.nanoseconds
        var count = 0
        while Stopwatch.seconds(since: start) < seconds {
            _ = try await bench.startRun()
            count += 1
        }
        let rate = Double(count) / Stopwatch.seconds(since: start)
        try await bench.store.close()
        return rate
    }
}

extension MeasuredServer {
    func apply(_ text: String, id: String) throws {
        let caller = try HTTPCaller(port: port)
        let answer = try caller.call(send("PUT", "\(Paths.configurations)/\(id)", text, type: "application/yaml"))
        guard (200...201).contains(answer.status) else { throw BenchFailure("The configuration was refused: \(answer.text)") }
    }

    func start(_ configuration: String) -> HTTPText {
        send("POST", Paths.runs, "{\"config_id\":\"\(configuration)\"}")
    }
}

/// A separate store with a configuration to start.
struct StoreWithWork: Sendable {
    let store: SQLiteStore
    let tenant: Tenant
    let configuration: WorkflowConfiguration
    let version: ConfigurationVersion
    private let random = NumberedRandom(seed: 99)
    private let time = SystemTime()

    static func open(_ directory: String) async throws -> StoreWithWork {
        let store = try await Blocking.run { try SQLiteStore.open(directory: directory, time: SystemTime()) }
        guard let tenant = Tenant("acme") else { throw BenchFailure("That is not a tenant's name.") }
        let source = ConfigurationSource(text: Bench.nothing, format: .yaml, directory: nil)
        let configuration = try ConfigurationReader().read(source, file: "bench.yaml")
        let time = SystemTime()
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: time.now, using: SystemRandom()), tenant: tenant, configuration: configuration.id,
            name: configuration.name, type: configuration.type, source: source, author: Principal(id: "bench", name: "Bench"))
        let saved = try await store.saveConfiguration(draft, at: time.now)
        return StoreWithWork(store: store, tenant: tenant, configuration: configuration, version: saved.version)
    }

    func startRun() async throws -> RunID {
        let plan = try RunPlan(
            configuration, version: version, for: RunRequest(principal: Principal(id: "bench", name: "Bench")), at: time.now,
            random: random)
        return try await store.createRun(plan, once: nil).details.run.id
    }
}
