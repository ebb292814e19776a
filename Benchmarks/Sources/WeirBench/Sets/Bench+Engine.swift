import Logging
import SQLiteStore
import WorkflowEngine
import WorkflowModel

extension Bench {
    /// Engine throughput with no-op tasks: the cost of a run from start to end.
    func engine() async throws -> SetReport {
        var report = SetReport("engine", "one task of no work per run, in process, start to succeeded")
        let runs = max(2_000, Int(seconds * 2_000))
        let bench = try await StoreWithWork.open("\(scratch)/engine")
        var logger = Logger(label: "weir-bench")
        logger.logLevel = .error
        let engine = Engine(
            store: bench.store, runners: [.command: NoWork()], time: SystemTime(), random: SystemRandom(),
            settings: EngineSettings(workers: 64), logger: logger)
        let life = Task { try await engine.run() }
        let start = Stopwatch.nanoseconds
        try await withThrowingTaskGroup(of: Void.self) { group in
            for starter in 0..<64 {
                group.addTask {
                    for _ in 0..<(runs / 64 + (starter < runs % 64 ? 1 : 0)) { _ = try await bench.startRun() }
                }
            }
            try await group.waitForAll()
        }
        let started = Stopwatch.seconds(since: start)
        try await bench.untilSucceeded(runs)
        let seconds = Stopwatch.seconds(since: start)
        var idle = Recording()
        for _ in 0..<200 {
            let began = Stopwatch.nanoseconds
            let run = try await bench.startRun()
            while try await bench.store.run(run, of: bench.tenant)?.run.state.hasEnded != true { await Task.yield() }
            idle.record(nanoseconds: Stopwatch.nanoseconds - began)
        }
        await engine.shutDown()
        try await life.value
        try await bench.store.close()
        let latencies = idle.summary("start to end, idle")
        report.found(
            "runs from start to succeeded", Double(runs) / seconds, "runs/s", .atLeast(5_000),
            note:
                "64 starters and 64 workers in one process; all were started after \(Figure.text(started)) of \(Figure.text(seconds)) s"
        )
        report.found("median from start to end when idle", latencies.median / 1_000, "ms", .atMost(5))
        report.latencies = [latencies]
        return report
    }
}

/// A no-op runner that reports success.
private struct NoWork: TaskRunner {
    func run(_ attempt: TaskAttempt, reporting report: any TaskReport) async -> TaskOutcome {
        await report.began()
        return .succeeded(TaskOutput())
    }

    func endAtOnce(_ task: TaskID, attempt: Int) {}

    func endLeftovers(of tasks: Set<TaskID>) async {}

    func endOrphans() async {}
}

extension StoreWithWork {
    /// Returns when this number of runs has succeeded. Polls often enough to be accurate to milliseconds.
    func untilSucceeded(_ count: Int) async throws {
        let query = RunQuery(tenant: tenant, filter: RunFilter(state: .succeeded), limit: 1, withTotal: true)
        while try await store.runs(matching: query).total?.exact ?? 0 < count { try await Task.sleep(for: .milliseconds(10)) }
    }
}
